/**
 * `<revisions-list>`: the replaced texts of an item, a section of its dialog. They are read when the list is opened, and
 * again when the text changes while it is open. Emits `revision-chosen` with `{name, desc}`. @later
 */
import { timeElement } from '../components/time.js';
import { toast } from '../components/toast.js';
import { copyText } from '../lib/clipboard.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { storeOf } from '../board/store.js';

export default class List extends Element {
  #store;
  #shown = { id: null, name: '', desc: '' };
  #asked = 0;

  connected() {
    this.#store = storeOf(this);
  }

  /** Says whose texts these are and what the text is now. */
  show({ id, name, desc }) {
    const other = id !== this.#shown.id;
    const changed = other || name !== this.#shown.name || desc !== this.#shown.desc;
    this.#shown = { id, name, desc };
    if (other) {
      this.target('list').replaceChildren();
      this.#open(false);
    } else if (changed && this.#isOpen) this.#load();
  }

  toggle() {
    this.#open(!this.#isOpen);
    if (this.#isOpen) this.#load();
  }

  get #isOpen() {
    return !this.target('panel').hidden;
  }

  #open(on) {
    this.target('panel').hidden = !on;
    this.target('opener').ariaExpanded = String(on);
  }

  async #load() {
    this.#asked += 1;
    const asked = this.#asked;
    const id = Number(this.#store.model.realId(this.#shown.id));
    this.target('list').ariaBusy = 'true';
    try {
      const { versions } = await this.#store.send('read_versions', { kind: this.dataset.kind, id });
      if (asked === this.#asked) this.#draw(versions);
    } catch (error) {
      if (asked === this.#asked) this.target('said').textContent = error.message || t('revisions.js.failed');
    }
    if (asked === this.#asked) this.target('list').ariaBusy = null;
  }

  #draw(versions) {
    this.target('list').replaceChildren(...versions.map((revision) => this.#item(revision)));
    this.target('said').textContent = versions.length === 0 ? t('revisions.js.none') : '';
  }

  #item({ name, desc, replacedAt, replacedBy }) {
    const who = replacedBy ? t('revisions.js.replacedBy', { Name: replacedBy }) : t('revisions.js.replaced');
    const button = (key, onclick) => el('button', { class: 'btn btn-quiet', type: 'button', onclick }, t(key));
    return el('li', { class: 'revision' },
      el('p', { class: 'muted small' }, who, ' · ', timeElement(replacedAt)),
      el('p', { class: 'revisionName', dir: 'auto' }, name),
      el('p', { class: desc ? 'revisionText' : 'revisionText muted', dir: 'auto' }, desc || t('revisions.js.noDesc')),
      el('div', { class: 'buttonRow' },
        button('revisions.js.restore', () => this.emit('revision-chosen', { name, desc })),
        button('revisions.js.copy', () => this.#copy(desc || name))));
  }

  async #copy(text) {
    // Without the right to write the clipboard the text can still be marked by hand.
    if (await copyText(text)) toast(t('revisions.js.copied'), { kind: 'success' });
  }
}
