/** `<history-activity>`: what happened to a card or list, a section of its window, live while that is open. @later */
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { debounce } from '../lib/timing.js';
import { storeOf } from '../board/store.js';
import { Entries } from './entries.js';

const LIMIT = 10; // entries read at once

export default class Activity extends Element {
  #store;
  #entries;
  #item = null;
  #id = null;
  #soon = debounce(() => this.#isOpen && this.#entries.catchUp(), 300);

  connected() {
    this.#store = storeOf(this);
    this.#entries = new Entries(this.#store, {
      list: this.target('entries'), more: this.target('more'), limit: LIMIT, isOfItem: true, filter: () => ({ [this.dataset.kind]: this.#realId }),
      shown: () => this.#say(''), failed: () => this.#say(t('history.js.failed')),
    });
    this.#store.on('change', ({ event }) => event && this.#follow(), this.signal);
  }

  disconnected() {
    this.#soon.cancel();
  }

  /** Shows the activity of another item, or of the same one when its window opens again. */
  show(item) {
    const isOther = item.id !== this.#id || !this.#isOpen;
    this.#id = item.id;
    if (isOther && this.#realId) this.#begin(item);
  }

  more() {
    this.#entries.more();
  }

  // The server stores the entry with the change, so an event about this item brings a new one.
  #follow() {
    const item = this.#store.view[`${this.dataset.kind}s`].get(this.#realId);
    if (!this.#isOpen || !item || item === this.#item) return;
    this.#item = item;
    this.#soon();
  }

  #begin(item) {
    this.#item = item;
    this.#entries.clear();
    this.#say('');
    this.target('skeleton').hidden = false;
    this.#entries.reload();
  }

  #say(text) {
    this.target('skeleton').hidden = true;
    this.target('said').textContent = text;
  }

  // Null until the server has assigned an id.
  get #realId() {
    const real = this.#store.model.realId(this.#id);
    return real === undefined || real.startsWith('new') ? null : real;
  }

  get #isOpen() {
    return this.closest('dialog').open;
  }
}
