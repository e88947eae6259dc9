/**
 * `<files-attachments>`: the attachments of a list or a card. Files are uploaded a few at a time, each with its own progress
 * and cancel button. A refused one stays, with the reason, until it is sent again or discarded. @later
 */
import { confirmDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { el, icon } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t, locale } from '../lib/i18n.js';
import { randomId } from '../lib/ids.js';
import { readable, refusal } from './chosenFile.js';
import { kindOfFile } from './kinds.js';
import { describeFile } from './operations.js';
import { isMeasured, isPicture, ownAddress, pastedFiles, sizeText, sortFiles } from './rules.js';
import { senderFor } from './sendInParts.js';
import { loadStyles, showFiles } from './viewer.js';
import { uploadReasonText } from '../board/sync/reason.js';
import { storeOf } from '../board/store.js';

const AT_ONCE = 3; // uploads of one list or card; the server takes four of a person

export default class Files extends Element {
  #store;
  #subject = null;
  #files = {};
  #queues = new Map();

  connected() {
    this.#store = storeOf(this);
    const zone = this.closest('dialog') ?? this;
    for (const type of ['dragover', 'dragleave', 'drop']) this.listen(zone, type, (event) => this.#dragged(event));
    this.listen(zone, 'paste', (event) => this.#pasted(event));
  }

  /**
   * Shows the files of a list or card.
   *
   * @param {object} subject
   * @param {"list" | "card"} subject.kind
   * @param {string} subject.id
   * @param {string} subject.key does not change when the server assigns an id; uploads continue when another subject is shown
   * @param {Record<string, string>} subject.files name → address
   * @param {Record<string, {text?: string}>} subject.pictures what is known of pictures, by name
   * @param {string} [subject.cover] the file that is shown on the card, "" for none; lists have none
   * @param {(file: string) => object} subject.coverTo the operation that shows another one
   * @param {(changes: {added: object, replaced: object, removed: string[]}) => object} subject.operation
   */
  show(subject) {
    const same = ['key', 'files', 'pictures', 'cover'].every((part) => this.#subject?.[part] === subject[part]);
    this.#subject = subject;
    this.#files = subject.files;
    if (!same) this.#draw();
  }

  choose(event, input) {
    this.#add(input.files);
    input.value = '';
  }

  async #add(chosen) {
    if (!this.#store.canWrite) return;
    const limits = this.#limits;
    const { fine, replacing, refused } = sortFiles([...chosen], this.#names, limits);
    for (const { file, why } of refused) toast(refusal(file.name, why, limits), { kind: 'danger' });
    for (const file of fine) this.#enqueue(file, 'added');
    const subject = this.#subject;
    for (const file of replacing) {
      const agreed = await confirmDialog({
        title: t('projects.js.files.replaceTitle', { Name: file.name }), text: t('projects.js.files.replaceText'),
        main: t('projects.js.files.replaceMain'),
      });
      if (agreed && this.#subject.key === subject.key) this.#enqueue(file, 'replaced');
    }
  }

  get #limits() {
    return this.#store.view.parts.fileLimits;
  }

  get #names() {
    return [...Object.keys(this.#files), ...this.#waiting.map(({ file }) => file.name)];
  }

  #pasted(event) {
    const files = pastedFiles(event.clipboardData, this.#names);
    if (files.length === 0) return;
    event.preventDefault();
    this.#add(files);
  }

  get #waiting() {
    const owner = this.#subject.key;
    if (!this.#queues.has(owner)) this.#queues.set(owner, []);
    return this.#queues.get(owner);
  }

  #enqueue(file, how) {
    const queue = this.#waiting;
    const { kind, id } = this.#subject;
    const upload = { kind, id, file, replaces: how === 'replaced', actionId: randomId(), queue, share: 0, reason: '', row: null, cancelled: new AbortController() };
    queue.push(upload);
    this.#draw();
    this.#work(queue);
  }

  #work(queue) {
    for (let upload = nextOf(queue); upload; upload = nextOf(queue)) {
      upload.isBusy = true;
      this.#send(upload).finally(() => {
        upload.isBusy = false;
        this.#work(queue);
      });
    }
  }

  async #send(upload) {
    const { kind, id, file, replaces, actionId, cancelled: { signal } } = upload;
    try {
      await readable(file);
      await this.#store.upload({ kind, id, file, replaces, actionId, signal, onProgress: (share) => this.#progress(upload, share), post: senderFor(file, this.#limits) });
      this.#forget(upload);
    } catch (error) {
      if (signal.aborted) return;
      upload.reason = error.isUnreadable ? t('projects.js.files.unreadable', { Name: file.name }) : uploadReasonText(error, file.name);
      toast(upload.reason, { kind: 'danger' });
      this.#draw();
    }
  }

  #progress(upload, share) {
    upload.share = share;
    const bar = upload.row?.querySelector('progress');
    if (bar) bar.value = share;
  }

  #sendAgain(upload) {
    Object.assign(upload, { reason: '', share: 0 });
    this.#draw();
    this.#work(upload.queue);
  }

  // Also cancels an upload in progress.
  #forget(upload) {
    upload.cancelled.abort();
    const { queue } = upload;
    if (queue.includes(upload)) queue.splice(queue.indexOf(upload), 1);
    this.#draw();
  }

  #draw() {
    const names = Object.keys(this.#files).sort((a, b) => a.localeCompare(b));
    const waiting = this.#waiting;
    this.target('list').replaceChildren(...names.map((name) => this.#fileRow(name)), ...waiting.map((upload) => this.#uploadRow(upload)));
    this.target('empty').hidden = names.length + waiting.length > 0;
    this.target('adder')?.toggleAttribute('hidden', !this.#store.canWrite);
    const hint = this.target('hint');
    if (hint) hint.textContent = t('files.js.hint', { Files: this.#limits.files, Size: sizeText(this.#limits.size, locale()) });
  }

  #fileRow(name) {
    const href = ownAddress(this.#files[name]);
    return el('li', { class: 'fileRow' }, preview(name, href, this.#subject.pictures[name]?.text),
      el('a', { class: 'fileRowName', dir: 'auto', href, target: '_blank', rel: 'noopener', onclick: (event) => this.#view(event, name) }, name),
      this.#mayCover(name) && this.#coverButton(name),
      this.#store.canWrite && removeButton(t('projects.js.files.remove', { Name: name }), () => this.#remove(name)));
  }

  // Another tab, by a key or the middle button, shows or downloads the file by itself.
  #view(event, name) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !kindOfFile(name, this.#files[name])) return;
    event.preventDefault();
    loadStyles(this.dataset.styles);
    showFiles(name, {
      subject: () => this.#subject, store: this.#store, mayCover: (file) => this.#mayCover(file), toggleCover: (file) => this.#toggleCover(file),
      describe: (file, text) => this.#store.do(describeFile({ kind: this.#subject.kind, id: this.#subject.id, name: file, text })),
    });
  }

  #mayCover(name) {
    const { cover, pictures } = this.#subject;
    return this.#store.canWrite && cover !== undefined && isMeasured(name, pictures);
  }

  #coverButton(name) {
    const isCover = this.#subject.cover === name;
    const label = t('files.js.cover', { Name: name });
    return el('button', {
      class: isCover ? 'btn btn-icon' : 'btn btn-quiet btn-icon', type: 'button', 'aria-pressed': String(isCover), 'aria-label': label, title: label, 'data-cover': name,
      onclick: () => this.#toggleCover(name),
    }, icon('image'));
  }

  // The row is drawn again, with the button that has the focus.
  #toggleCover(name) {
    const { cover, coverTo } = this.#subject;
    this.#store.do(coverTo(cover === name ? '' : name));
    this.querySelector(`[data-cover="${CSS.escape(name)}"]`)?.focus();
  }

  #uploadRow(upload) {
    const { file, reason, share } = upload;
    const label = t('projects.js.files.sending', { Name: file.name });
    const state = reason ? el('small', { class: 'fieldNote-error' }, reason) : el('progress', { max: 1, value: share, 'aria-label': label });
    upload.row = el('li', { class: 'fileRow' }, el('span', { class: 'fileRowPreview' }, icon('file')),
      el('span', { class: 'fileRowName' }, el('bdi', {}, file.name), el('small', {}, sizeText(file.size, locale())), state),
      reason && el('button', { class: 'btn btn-quiet', type: 'button', onclick: () => this.#sendAgain(upload) }, t('projects.js.files.again')),
      removeButton(t('projects.js.files.cancel', { Name: file.name }), () => this.#forget(upload)));
    return upload.row;
  }

  async #remove(name) {
    const { operation } = this.#subject;
    const agreed = await confirmDialog({
      title: t('projects.js.files.removeTitle', { Name: name }), text: t('projects.js.files.removeText'),
      main: t('projects.js.files.removeMain'), danger: true,
    });
    if (agreed) this.#store.do(operation({ added: {}, replaced: {}, removed: [name] }));
  }

  #dragged(event) {
    if (!this.#store.canWrite || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.toggleAttribute('data-dragged-over', event.type === 'dragover');
    if (event.type === 'drop') this.#add(event.dataTransfer.files);
  }
}

// The next upload, if another one may be sent: refused ones wait for the person.
function nextOf(queue) {
  if (queue.filter(({ isBusy }) => isBusy).length >= AT_ONCE) return undefined;
  return queue.find(({ reason, isBusy, cancelled }) => !reason && !isBusy && !cancelled.signal.aborted);
}

function preview(name, href, text = '') {
  const image = () => el('span', { class: 'fileRowPreview' }, icon('file'));
  if (!isPicture(name)) return image();
  const src = href.startsWith('/files/') ? `${href}?thumbnail=1` : href;
  const picture = el('img', { class: 'fileRowPreview', src, alt: text, loading: 'lazy', onerror: () => picture.replaceWith(image()) });
  return picture;
}

function removeButton(label, onclick) {
  return el('button', { class: 'btn btn-quiet btn-icon', type: 'button', 'aria-label': label, title: label, onclick }, icon('close'));
}
