/**
 * The persisted outbox: operations that the server has not answered, stored per tab. They survive a reload, and those of a
 * tab that is closed or crashes are taken over by another one. They are idempotent as long as the server stores their
 * action ids.
 */
import { localStore } from '../../lib/storage.js';
import { thisTab } from '../../lib/tabs.js';

// The server stores action ids for a day; clocks may differ.
const LIFETIME = 12 * 3600 * 1000; // ms

export class PendingStore {
  #prefix;
  #storage;
  #tabs;
  #now;

  /**
   * @param {string} scope the person and the board
   * @param {object} [parts]
   * @param {import('../../lib/tabs.js').Tabs} [parts.tabs]
   */
  constructor(scope, { storage = localStore, tabs = thisTab(), now = Date.now } = {}) {
    this.#prefix = `pending:${scope}:`;
    this.#storage = storage;
    this.#tabs = tabs;
    this.#now = now;
  }

  /** Replaces the records of this tab; false if the browser refuses. */
  put(records) {
    const name = this.#prefix + this.#tabs.id;
    if (records.length > 0) return this.#storage.setItem(name, JSON.stringify(records));
    this.#storage.removeItem(name);
    return true;
  }

  /**
   * The records of closed tabs: `fresh` may be sent, `expired` are too old. The caller removes them with `forget` when it
   * has taken all of them over.
   */
  takeOver() {
    const names = this.#storage.keys(this.#prefix).filter((name) => !this.#tabs.isAlive(name.slice(this.#prefix.length)));
    const records = names.flatMap((name) => this.#read(name));
    const isFresh = ({ at }) => at > this.#now() - LIFETIME;
    return {
      fresh: records.filter(isFresh), expired: records.filter((record) => !isFresh(record)),
      forget: () => names.forEach((name) => this.#storage.removeItem(name)),
    };
  }

  #read(name) {
    try {
      const records = JSON.parse(this.#storage.getItem(name));
      return Array.isArray(records) ? records : [];
    } catch {
      return [];
    }
  }
}
