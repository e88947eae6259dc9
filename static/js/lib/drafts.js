/**
 * Typed text that is not sent yet, kept in this browser so that nothing is lost by a reload, a crash or an ended
 * session.
 */
import { localStore, safeStorage } from './storage.js';
import { thisTab } from './tabs.js';

const LIFETIME = 30 * 24 * 3600 * 1000; // ms

export class Drafts {
  #storage;
  #prefix;
  #now;

  /** @param {string} scope whose drafts: everything with the same scope shares them */
  constructor(scope, storage = localStore, now = Date.now) {
    this.#storage = storage === localStore ? storage : safeStorage(() => storage);
    this.#prefix = `draft:${scope}:`;
    this.#now = now;
  }

  /** The text kept under `name`, or "". */
  get(name) {
    return this.#read(name).text;
  }

  /**
   * Keeps `text`; an empty one forgets the draft. `base` is the text it was begun from, where there was one. Returns
   * false where the browser keeps nothing.
   */
  set(name, text, base) {
    // Where the browser keeps nothing, the text is still in its field.
    if (text) return this.#storage.setItem(this.#prefix + name, JSON.stringify({ text, base, at: this.#now() })) !== false;
    this.#storage.removeItem(this.#prefix + name);
    return true;
  }

  /** The draft of one text that is changed where it stands, as `<ui-inplace>` wants it. */
  of(name) {
    return { get: () => this.#read(name), set: (text, base) => this.set(name, text, base) };
  }

  /**
   * The draft of something new. It belongs to the tab it was typed in: sent from two tabs it would be made twice. What
   * tabs that are gone have left is found by the first that looks, one text below the other.
   */
  ofComposer(name, tabs = thisTab()) {
    const own = `${name}@${tabs.id}`;
    return {
      get: () => {
        const left = this.#storage.keys(`${this.#prefix}${name}@`).map((key) => key.slice(this.#prefix.length))
          .filter((key) => !tabs.isAlive(key.slice(name.length + 1)));
        if (left.length === 0) return this.get(own);
        const text = [own, ...left].map((key) => this.get(key).trimEnd()).filter(Boolean).join('\n');
        if (this.set(own, text)) for (const key of left) this.set(key, '');
        return text;
      },
      set: (text) => this.set(own, text),
    };
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
