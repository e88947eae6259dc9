/** The list of entries of the history, the newest first: read in parts, and brought up to date without a jump. */
import { avatar } from '../components/avatar.js';
import { timeElement } from '../components/time.js';
import { el, icon } from '../lib/dom.js';
import { fetchJSON } from '../lib/http.js';
import { reconcile } from '../lib/reconcile.js';
import { extensions } from '../board/extensions.js';
import { detailsOf, sentence } from './sentences.js';

const ABOUT_MEMBERS = new Set(['historyMemberAdded_event', 'historyMemberRemoved_event']);

const icons = [[/Deleted|GivenUp/, 'delete'], [/Archived/, 'archive'], [/Restored/, 'undo'], [/Created/, 'plus'], [/Changed/, 'move'], [/Member/, 'users']];

export class Entries {
  #store;
  #parts;
  #rows = new Map(); // by the entry's cursor, the newest first
  #oldest = null;
  #beginnings = 0; // how often the list has begun anew; what was asked for before does not belong to it any more

  /**
   * @param {object} store
   * @param {object} parts
   * @param {HTMLOListElement} parts.list
   * @param {HTMLElement} parts.more the button that reads the next part
   * @param {number} parts.limit entries read at once
   * @param {boolean} [parts.isOfItem] all entries are about one card or list, which the reader sees
   * @param {() => Record<string, string | number>} parts.filter what the server's route takes besides
   * @param {(count: number) => void} parts.shown called when the list has changed
   * @param {(error: Error) => void} parts.failed
   */
  constructor(store, parts) {
    this.#store = store;
    this.#parts = parts;
  }

  /** Begins anew, with another filter. */
  async reload() {
    const { list, limit } = this.#parts;
    const beginning = this.#beginnings += 1;
    list.setAttribute('aria-busy', 'true');
    const entries = await this.#ask({});
    if (beginning === this.#beginnings) list.removeAttribute('aria-busy');
    if (entries) this.#show(new Map(entries.map((entry) => [entry.cursor, entry])), entries.length === limit);
  }

  /** Reads the next part. */
  async more() {
    const entries = await this.#ask({ before: this.#oldest });
    if (entries) this.#show(new Map([...this.#entries(), ...entries.map((entry) => [entry.cursor, entry])]), entries.length === this.#parts.limit);
  }

  /** Puts what is new in front. If so much has happened that something may lie between, the list begins anew. */
  async catchUp() {
    const entries = await this.#ask({});
    if (!entries) return;
    const joins = entries.length < this.#parts.limit || entries.some(({ cursor }) => this.#rows.has(cursor));
    const newest = entries.map((entry) => [entry.cursor, entry]);
    if (joins) this.#show(new Map([...newest, ...this.#entries()]), !this.#parts.more.hidden);
    else {
      this.#beginnings += 1;
      this.#show(new Map(newest), true);
    }
  }

  /** Removes all entries. */
  clear() {
    this.#beginnings += 1;
    this.#rows.clear();
    this.#parts.list.replaceChildren();
    this.#parts.more.hidden = true;
  }

  #entries() {
    return [...this.#rows].map(([cursor, { entry }]) => [cursor, entry]);
  }

  // The newest first; null if it failed or the list has begun anew since.
  async #ask({ before }) {
    const { filter, limit, failed } = this.#parts;
    const beginning = this.#beginnings;
    const { ownerName, name } = this.#store.view.project;
    const query = new URLSearchParams({ types: 'all', limit, ...filter() });
    if (before) query.set('before', before);
    try {
      const entries = await fetchJSON(`/${encodeURIComponent(ownerName)}/${encodeURIComponent(name)}/history?${query}`);
      return beginning === this.#beginnings ? entries.reverse() : null;
    } catch (error) {
      if (beginning === this.#beginnings) failed(error);
      return null;
    }
  }

  #show(entries, mayGoOn) {
    const before = this.#rows;
    this.#rows = new Map([...entries].map(([cursor, entry]) => [cursor, before.get(cursor) ?? { entry, node: this.#row(entry) }]));
    reconcile(this.#parts.list, [...this.#rows.values()].map(({ node }) => node));
    this.#oldest = [...this.#rows.keys()].at(-1) ?? null;
    this.#parts.more.hidden = !mayGoOn;
    this.#parts.shown(entries.size);
  }

  #row(entry) {
    const person = entry.userId === null ? null : this.#store.view.members.get(String(entry.userId));
    const name = extensions.get('history sentence', entry.type)?.icon ?? (icons.find(([pattern]) => pattern.test(entry.type)) ?? [null, 'edit'])[1];
    return el('li', { class: 'historyEntry' },
      person ? avatar(person, { named: false }) : el('span', { class: 'historyNobody' }, icon('user')),
      el('div', { class: 'historyText' },
        el('p', {}, sentence(person ? called(entry, person) : entry, this.#parts.isOfItem)),
        ...detailsOf(entry).map(([label, text]) => el('p', { class: 'historyDetail muted', dir: 'auto' }, label && `${label} `, text)),
        el('p', { class: 'historyTime muted' }, icon(name), timeElement(entry.datetime))));
  }
}

// Members are called as they are today; about those who have left, the entry has the user name.
function called(entry, { name }) {
  return { ...entry, userName: name, ...(ABOUT_MEMBERS.has(entry.type) && { name }) };
}
