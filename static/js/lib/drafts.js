/**
 * Typed text that is not sent yet, kept in this browser so that nothing is lost by a reload, a crash or an ended
 * session.
 */
import { localStore, safeStorage } from './storage.js';

const LIFETIME = 30 * 24 * 3600 * 1000; // ms

export class Drafts {
  #storage;
  #prefix;
  #now;

  /** @param {string} scope whose drafts: everything with the same scope shares them */
  constructor(scope, storage = localStore, now = Date.now) {
    this.#storage = safeStorage(() => storage);
    this.#prefix = `draft:${scope}:`;
    this.#now = now;
  }

  /** The text kept under `name`, or "". */
  get(name) {
    return this.#read(name).text;
  }

  /** Keeps `text`; an empty one forgets the draft. `base` is the text it was begun from, where there was one. */
  set(name, text, base) {
    // Where the browser keeps nothing, the text is still in its field.
    if (text) this.#storage.setItem(this.#prefix + name, JSON.stringify({ text, base, at: this.#now() }));
    else this.#storage.removeItem(this.#prefix + name);
  }

  /** The draft of one text that is changed where it stands, as `<ui-inplace>` wants it. */
  of(name) {
    return { get: () => this.#read(name), set: (text, base) => this.set(name, text, base) };
  }

  #read(name) {
    try {
      const { text, base = null, at } = JSON.parse(this.#storage.getItem(this.#prefix + name)) ?? {};
      return at > this.#now() - LIFETIME ? { text, base } : { text: '', base: null };
    } catch {
      return { text: '', base: null };
    }
  }
}
