/** `<history-history>`: the window of what happened on the board, the newest first, live while open. @later */
import { avatar } from '../components/avatar.js';
import { timeElement } from '../components/time.js';
import { toast } from '../components/toast.js';
import { el, icon } from '../lib/dom.js';
import { fetchJSON } from '../lib/http.js';
import { reconcile } from '../lib/reconcile.js';
import { debounce } from '../lib/timing.js';
import { Window } from '../projects/window.js';
import { detailsOf, sentence } from './sentences.js';

const PART = 50; // entries loaded at once

const icons = [[/Deleted|GivenUp/, 'delete'], [/Archived/, 'archive'], [/Restored/, 'undo'], [/Created/, 'plus'], [/Changed/, 'move'], [/Member/, 'users']];

export default class History extends Window {
  #rows = new Map(); // by the entry's cursor, the newest first
  #oldest = null;
  #beginnings = 0; // how often the list has begun anew; what was asked for before does not belong to it any more
  #soon = debounce(() => this.isOpen && this.#catchUp(), 300);

  disconnected() {
    this.#soon.cancel();
  }

  fill() {
    const people = [...this.store.view.members.values()].sort((a, b) => a.name.localeCompare(b.name));
    const everybody = this.target('person').options[0];
    this.target('person').replaceChildren(everybody, ...people.map(({ id, name }) => new Option(name, id)));
    this.target('kind').value = this.target('person').value = '';
    this.reload();
  }

  follow({ event }) {
    if (event) this.#soon();
  }

  /** Another filter was chosen, or the window has opened. */
  async reload() {
    const beginning = this.#beginnings += 1;
    this.target('entries').setAttribute('aria-busy', 'true');
    const entries = await this.#ask({});
    if (beginning === this.#beginnings) this.target('entries').removeAttribute('aria-busy');
    if (entries) this.#show(new Map(entries.map((entry) => [entry.cursor, entry])), entries.length === PART);
  }

  async more() {
    const entries = await this.#ask({ before: this.#oldest });
    if (entries) this.#show(new Map([...this.#entries(), ...entries.map((entry) => [entry.cursor, entry])]), entries.length === PART);
  }

  // What is new comes in front; if so much has happened that something may lie between, it starts anew.
  async #catchUp() {
    const entries = await this.#ask({});
    if (!entries) return;
    const joins = entries.length < PART || entries.some(({ cursor }) => this.#rows.has(cursor));
    const newest = entries.map((entry) => [entry.cursor, entry]);
    if (joins) this.#show(new Map([...newest, ...this.#entries()]), !this.target('more').hidden);
    else {
      this.#beginnings += 1;
      this.#show(new Map(newest), true);
    }
  }

  #entries() {
    return [...this.#rows].map(([cursor, { entry }]) => [cursor, entry]);
  }

  // The newest first; null if it failed or the list has begun anew since.
  async #ask({ before }) {
    const beginning = this.#beginnings;
    const { ownerName, name } = this.store.view.project;
    const query = new URLSearchParams({ types: 'all', limit: PART });
    if (before) query.set('before', before);
    for (const field of ['kind', 'person']) if (this.target(field).value) query.set(field, this.target(field).value);
    try {
      const entries = await fetchJSON(`/${encodeURIComponent(ownerName)}/${encodeURIComponent(name)}/history?${query}`);
      return beginning === this.#beginnings ? entries.reverse() : null;
    } catch (error) {
      toast(error.message, { kind: 'danger' });
      return null;
    }
  }

  #show(entries, mayGoOn) {
    const before = this.#rows;
    this.#rows = new Map([...entries].map(([cursor, entry]) => [cursor, before.get(cursor) ?? { entry, node: this.#row(entry) }]));
    reconcile(this.target('entries'), [...this.#rows.values()].map(({ node }) => node));
    this.#oldest = [...this.#rows.keys()].at(-1) ?? null;
    this.target('more').hidden = !mayGoOn;
    const filtered = this.target('kind').value !== '' || this.target('person').value !== '';
    this.target('empty').hidden = entries.size > 0 || filtered;
    this.target('nothing').hidden = entries.size > 0 || !filtered;
  }

  #row(entry) {
    const person = entry.userId === null ? null : this.store.view.members.get(String(entry.userId));
    const name = (icons.find(([pattern]) => pattern.test(entry.type)) ?? [null, 'edit'])[1];
    return el('li', { class: 'historyEntry' },
      person ? avatar(person, { named: false }) : el('span', { class: 'historyNobody' }, icon('user')),
      el('div', { class: 'historyText' },
        el('p', {}, sentence(entry)),
        ...detailsOf(entry).map(([label, text]) => el('p', { class: 'historyDetail muted', dir: 'auto' }, label && `${label} `, text)),
        el('p', { class: 'historyTime muted' }, icon(name), timeElement(entry.datetime))));
  }
}
