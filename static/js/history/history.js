/** `<history-history>`: the window of what happened on the board, the newest first, live while open. @later */
import { toast } from '../components/toast.js';
import { debounce } from '../lib/timing.js';
import { BoardDialog } from '../board/boardDialog.js';
import { Entries } from './entries.js';

const LIMIT = 50; // entries read at once

export default class History extends BoardDialog {
  #entries;
  #soon = debounce(() => this.isOpen && this.#entries.catchUp(), 300);

  connected() {
    super.connected();
    this.#entries = new Entries(this.store, {
      list: this.target('entries'), more: this.target('more'), limit: LIMIT, filter: () => this.#filter,
      shown: (count) => this.#shown(count), failed: (error) => toast(error.message, { kind: 'danger' }),
    });
  }

  disconnected() {
    this.#soon.cancel();
  }

  fill() {
    const people = [...this.store.view.members.values()].sort((a, b) => a.name.localeCompare(b.name));
    const everyone = this.target('person').options[0];
    this.target('person').replaceChildren(everyone, ...people.map(({ id, name }) => new Option(name, id)));
    this.target('kind').value = this.target('person').value = '';
    this.reload();
  }

  follow({ event }) {
    if (event) this.#soon();
  }

  /** Another filter was chosen, or the window has opened. */
  reload() {
    return this.#entries.reload();
  }

  more() {
    return this.#entries.more();
  }

  get #filter() {
    const chosen = ['kind', 'person'].map((field) => [field, this.target(field).value]);
    return Object.fromEntries(chosen.filter(([, value]) => value));
  }

  #shown(count) {
    const filtered = Object.keys(this.#filter).length > 0;
    this.target('empty').hidden = count > 0 || filtered;
    this.target('nothing').hidden = count > 0 || !filtered;
  }
}
