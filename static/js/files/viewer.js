/** The viewer: the files of a list or a card one after the other, pictures, PDF, text, sound and film. */
import { showDialog } from '../components/dialog.js';
import { el, icon, uniqueId } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { isTyping, keyOf } from '../lib/keys.js';
import { kindOfFile } from './kinds.js';
import { ownAddress } from './rules.js';

const SHOWN_TEXT = 256 * 1024; // bytes
const MAX_DESCRIPTION = 512; // characters

/** Loads the viewer's styles once; nothing else needs them. */
export function loadStyles(href) {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
  document.head.append(el('link', { rel: 'stylesheet', href }));
}

/**
 * Opens the viewer for the files of a list or card; those that cannot be shown are left out.
 *
 * @param {string} name the file that is shown first
 * @param {object} about
 * @param {() => {files: Record<string, string>, pictures: Record<string, {text?: string}>, cover?: string}} about.subject what
 *   has the files, as it is at the moment
 * @param {import('../board/store.js').BoardStore} about.store
 * @param {(name: string) => boolean} about.mayCover whether the person may show a file on the card
 * @param {(name: string) => void} about.toggleCover shows a file on the card, or does not any more
 * @param {(name: string, text: string) => void} about.describe says what a picture shows
 * @returns {Promise<void>} when it has closed
 */
export function showFiles(name, about) {
  const all = Object.entries(about.subject().files).map(([each, address]) => ({ name: each, address })).sort((a, b) => a.name.localeCompare(b.name));
  return open(all, all.findIndex((file) => file.name === name), about);
}

/**
 * Opens the viewer for files that are no list's or card's, in their order. They are only shown.
 *
 * @param {{name: string, address: string}[]} files
 * @param {number} first the index of the one that is shown first, which can be shown
 * @returns {Promise<void>} when it has closed
 */
export function showOnly(files, first) {
  const store = { canWrite: false, on: () => {}, emit: () => {} };
  return open(files, first, { subject: () => ({ files: {}, pictures: {} }), store, mayCover: () => false, toggleCover: () => {}, describe: () => {} });
}

async function open(files, first, about) {
  const shown = files.map((file) => ({ name: file.name, kind: kindOfFile(file.name, file.address), href: ownAddress(file.address), file })).filter(({ kind }) => kind !== null);
  const viewer = new Viewer(shown, about);
  viewer.show(shown.findIndex(({ file }) => file === files[first]));
  document.body.append(viewer.dialog);
  const closed = showDialog(viewer.dialog);
  viewer.stage.focus();
  const following = new AbortController();
  about.store.on('change', () => viewer.refresh(), following.signal);
  await closed;
  following.abort();
  viewer.saveDescription();
  viewer.dialog.remove(); // ends what plays
}

class Viewer {
  #files;
  #index = 0;
  #title;
  #position;
  #download;
  #arrows;
  #about;
  #cover;
  #description;
  #field;

  constructor(files, about) {
    this.#files = files;
    this.#about = about;
    const id = uniqueId('viewer');
    this.#title = el('h2', { class: 'viewerTitle', id, dir: 'auto' });
    this.#position = el('span', { class: 'viewerPosition muted' });
    this.#download = el('a', { class: 'btn btn-quiet' }, icon('download'), el('span', { class: 'viewerDownload' }, t('files.js.viewer.download')));
    this.#arrows = [
      arrow('chevronLeft', t('files.js.viewer.previous'), () => this.#step(-1)), arrow('chevronRight', t('files.js.viewer.next'), () => this.#step(1)),
    ];
    this.#cover = el('button', { class: 'btn btn-quiet', type: 'button', onclick: () => about.toggleCover(this.#name) }, icon('image'), el('span', { class: 'viewerDownload' }, t('files.js.viewer.cover')));
    this.#field = el('input', {
      class: 'input', type: 'text', dir: 'auto', maxlength: MAX_DESCRIPTION, autocomplete: 'off', 'data-unguarded': '', onchange: () => this.saveDescription(),
    });
    this.#description = el('div', { class: 'viewerDescription' });
    this.stage = el('div', { class: 'viewerStage', tabindex: -1 });
    this.dialog = el('dialog', { class: 'viewer', 'aria-labelledby': id, onkeydown: (event) => this.#key(event) },
      el('header', { class: 'viewerHead' }, el('div', { class: 'viewerName', role: 'status' }, this.#title, this.#position), this.#cover, this.#download,
        el('button', { class: 'btn btn-quiet btn-icon', type: 'button', 'data-close': '', 'aria-label': t('ui.js.close') }, icon('close'))),
      this.stage, this.#description, ...this.#arrows);
  }

  get #name() {
    return this.#files[this.#index].name;
  }

  /** Shows what has changed on the board: the cover and the description. */
  refresh() {
    const { kind } = this.#files[this.#index];
    const { cover, pictures } = this.#about.subject();
    this.#cover.hidden = kind !== 'picture' || !this.#about.mayCover(this.#name);
    this.#cover.setAttribute('aria-pressed', String(cover === this.#name));
    const text = pictures[this.#name]?.text ?? '';
    this.#description.hidden = kind !== 'picture' || !(text || this.#about.store.canWrite);
    if (this.stage.firstElementChild?.localName === 'img') this.stage.firstElementChild.alt = text || this.#name;
    if (!this.#about.store.canWrite) this.#description.replaceChildren(text);
    else if (document.activeElement !== this.#field) this.#field.value = text;
  }

  /** Saves the description of the picture that is shown, if it was changed. */
  saveDescription() {
    const text = this.#field.value.trim();
    const { files, pictures } = this.#about.subject();
    if (this.#description.hidden || !this.#about.store.canWrite || !files[this.#name] || text === (pictures[this.#name]?.text ?? '')) return;
    this.#about.describe(this.#name, text);
    this.#about.store.emit('announce', t('files.js.viewer.described'));
  }

  show(index) {
    const { name, kind, href } = this.#files[index];
    this.#index = index;
    if (this.#about.store.canWrite) {
      this.#description.replaceChildren(el('label', {}, el('span', { class: 'small muted' }, t('files.js.viewer.describe')), this.#field));
    }
    this.#title.textContent = name;
    this.#position.textContent = this.#files.length > 1 ? t('files.js.viewer.position', { Number: index + 1, Total: this.#files.length }) : '';
    this.#download.setAttribute('href', href);
    this.#download.setAttribute('download', name);
    this.#arrows[0].disabled = index === 0;
    this.#arrows[1].disabled = index === this.#files.length - 1;
    for (const button of this.#arrows) button.hidden = this.#files.length === 1;
    const content = CONTENTS[kind](name, kind === 'picture' ? href : `${href}?view=1`);
    content.addEventListener('error', () => content.isConnected && content.replaceWith(unshowable(name)), { once: true });
    this.stage.replaceChildren(content);
    this.#field.value = ''; // refresh keeps what is being typed
    this.refresh();
  }

  #step(by) {
    const index = this.#index + by;
    if (index < 0 || index >= this.#files.length) return;
    this.saveDescription();
    this.show(index);
    if (this.#arrows.includes(document.activeElement) && document.activeElement.disabled) this.stage.focus();
  }

  // The arrows of a player move in its sound or film, those of the field in its text.
  #key(event) {
    if (event.target instanceof HTMLMediaElement || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[keyOf(event)];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.#step(by);
  }
}

const CONTENTS = {
  picture: (name, src) => el('img', { class: 'viewerPicture', src, alt: name }),
  audio: (name, src) => el('audio', { class: 'viewerSound', src, controls: true, 'aria-label': name }),
  video: (name, src) => el('video', { class: 'viewerFilm', src, controls: true, playsinline: true, 'aria-label': name }),
  // Browsers on phones have no viewer inside a page.
  pdf: (name, src) => (navigator.pdfViewerEnabled ? el('iframe', { class: 'viewerPage', src, title: name }) : unshowable(name)),
  text: (name, src) => {
    const node = el('pre', { class: 'viewerText', tabindex: 0, dir: 'auto', 'aria-label': name, role: 'group' });
    readText(src).then(({ text, isCut }) => {
      node.textContent = text;
      if (isCut) node.after(el('p', { class: 'viewerNote' }, t('files.js.viewer.cut')));
    }, () => node.dispatchEvent(new Event('error')));
    return node;
  },
};

async function readText(src) {
  const response = await fetch(src, { headers: { Range: `bytes=0-${SHOWN_TEXT - 1}` } });
  if (response.status === 416) return { text: '', isCut: false }; // an empty file has no range
  if (!response.ok) throw new Error(`the file could not be read: ${response.status}`);
  const [, size] = /\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '') ?? [];
  const bytes = await response.arrayBuffer();
  return { text: new TextDecoder().decode(bytes.slice(0, SHOWN_TEXT), { stream: true }), isCut: Number(size) > SHOWN_TEXT };
}

function unshowable(name) {
  return el('p', { class: 'viewerNote' }, t('files.js.viewer.unshowable', { Name: name }));
}

function arrow(image, label, onclick) {
  return el('button', { class: `btn btn-icon viewerArrow viewerArrow-${image}`, type: 'button', 'aria-label': label, title: label, onclick }, icon(image));
}
