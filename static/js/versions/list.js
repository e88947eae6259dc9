/**
 * `<versions-list>`: the texts that somebody has replaced, in the window of what they belong to. They are read when the
 * list is opened, and again when the text changes while it is open. Emits `version-chosen` with `{name, desc}`.
 */
import { timeElement } from '../components/time.js';
import { toast } from '../components/toast.js';
import { copyText } from '../lib/clipboard.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { storeOf } from '../projects/store.js';

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
    if (other) this.target('details').open = false;
    else if (changed && this.target('details').open) this.#load();
  }

  toggled() {
    if (this.target('details').open) this.#load();
  }

  async #load() {
    this.#asked += 1;
    const asked = this.#asked;
    const id = Number(this.#store.model.realId(this.#shown.id));
    try {
      const { versions } = await this.#store.send('read_versions', { kind: this.dataset.kind, id });
      if (asked === this.#asked) this.#draw(versions);
    } catch (error) {
      if (asked === this.#asked) this.target('said').textContent = error.message || t('versions.js.failed');
    }
  }

  #draw(versions) {
    this.target('list').replaceChildren(...versions.map((version) => this.#item(version)));
    this.target('said').textContent = versions.length === 0 ? t('versions.js.none') : '';
  }

  #item({ name, desc, replacedAt, replacedBy }) {
    const who = replacedBy ? t('versions.js.replacedBy', { Name: replacedBy }) : t('versions.js.replaced');
    const button = (key, onclick) => el('button', { class: 'btn btn-quiet', type: 'button', onclick }, t(key));
    return el('li', { class: 'version' },
      el('p', { class: 'muted small' }, who, ' · ', timeElement(replacedAt)),
      el('p', { class: 'versionName', dir: 'auto' }, name),
      el('p', { class: desc ? 'versionText' : 'versionText muted', dir: 'auto' }, desc || t('versions.js.noDesc')),
      el('div', { class: 'buttonRow' },
        button('versions.js.restore', () => this.emit('version-chosen', { name, desc })),
        button('versions.js.copy', () => this.#copy(desc || name))));
  }

  async #copy(text) {
    // Without the right to write the clipboard the text can still be marked by hand.
    if (await copyText(text)) toast(t('versions.js.copied'), { kind: 'success' });
  }
}
