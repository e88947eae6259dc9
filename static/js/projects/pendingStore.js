/**
 * Operations that the server has not answered yet, persisted per tab. They survive a reload, and what a tab leaves
 * behind when it is closed or crashes is taken over by the next one. Sending them again is harmless as long as the
 * server remembers their action ids.
 */
import { localStore } from '../lib/storage.js';
import { thisTab } from '../lib/tabs.js';

// The server remembers a day; clocks may differ.
const LIFETIME = 12 * 3600 * 1000; // ms

export class PendingStore {
  #prefix;
  #storage;
  #tabs;
  #now;

  /**
   * @param {string} scope whose operations, of which board
   * @param {object} [parts]
   * @param {import('../lib/tabs.js').Tabs} [parts.tabs]
   */
  constructor(scope, { storage = localStore, tabs = thisTab(), now = Date.now } = {}) {
    this.#prefix = `pending:${scope}:`;
    this.#storage = storage;
    this.#tabs = tabs;
    this.#now = now;
  }

  /** Keeps exactly these records for this tab; false if the browser refuses. */
  put(records) {
    const name = this.#prefix + this.#tabs.id;
    if (records.length > 0) return this.#storage.setItem(name, JSON.stringify(records));
    this.#storage.removeItem(name);
    return true;
  }

  /**
   * What tabs that are no more have left: `fresh` may be sent, `expired` is too old for that. `forget` is to be called
   * when all of it is in other hands.
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
