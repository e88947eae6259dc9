/**
 * Typed text that is not sent yet, kept in this browser so that nothing is lost by a reload, a crash or an ended
 * session.
 */

const LIFETIME = 30 * 24 * 3600 * 1000; // ms

export class Drafts {
  #storage;
  #prefix;
  #now;

  /** @param {string} scope whose drafts: everything with the same scope shares them */
  constructor(scope, storage = globalThis.localStorage, now = Date.now) {
    this.#storage = storage;
    this.#prefix = `draft:${scope}:`;
    this.#now = now;
  }

  /** The text kept under `name`, or "". */
  get(name) {
    try {
      const { text, at } = JSON.parse(this.#storage.getItem(this.#prefix + name)) ?? {};
      return at > this.#now() - LIFETIME ? text : '';
    } catch {
      return '';
    }
  }

  /** Keeps `text`; an empty one forgets the draft. */
  set(name, text) {
    try {
      if (text) this.#storage.setItem(this.#prefix + name, JSON.stringify({ text, at: this.#now() }));
      else this.#storage.removeItem(this.#prefix + name);
    } catch {
      // Storage is full or forbidden: the text is still in its field.
    }
  }
}
