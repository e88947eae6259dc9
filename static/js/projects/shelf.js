/**
 * Operations that the server has not answered yet, kept for this tab over a reload. Sending them again is harmless as
 * long as the server remembers their action ids.
 */
import { safeStorage, sessionStore } from '../lib/storage.js';

// The server remembers a day; clocks may differ.
const LIFETIME = 12 * 3600 * 1000; // ms

export class Shelf {
  #name;
  #storage;
  #now;

  /** @param {string} scope whose operations, of which board */
  constructor(scope, storage = sessionStore, now = Date.now) {
    this.#name = `unsent:${scope}`;
    this.#storage = safeStorage(() => storage);
    this.#now = now;
  }

  /** Keeps exactly these records. */
  put(records) {
    // Where the browser keeps nothing, they are still in memory.
    if (records.length > 0) this.#storage.setItem(this.#name, JSON.stringify({ records, at: this.#now() }));
    else this.#storage.removeItem(this.#name);
  }

  /** What was kept and is not too old. */
  get records() {
    try {
      const { records, at } = JSON.parse(this.#storage.getItem(this.#name)) ?? {};
      return at > this.#now() - LIFETIME && Array.isArray(records) ? records : [];
    } catch {
      return [];
    }
  }
}
