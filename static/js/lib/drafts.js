/**
 * Drafts: typed text that is not sent yet, stored in this browser so that a reload, a crash or an ended session loses
 * nothing.
 */
import { localStore, safeStorage } from './storage.js';
import { thisTab } from './tabs.js';

const LIFETIME = 30 * 24 * 3600 * 1000; // ms

export class Drafts {
  #storage;
  #prefix;
  #now;
  #listeners = new Set();

  /** @param {string} scope drafts with the same scope are shared */
  constructor(scope, storage = localStore, now = Date.now) {
    this.#storage = storage === localStore ? storage : safeStorage(() => storage);
    this.#prefix = `draft:${scope}:`;
    this.#now = now;
  }

  /** The draft of this name, or "". */
  get(name) {
    return this.#read(name).text;
  }

  /**
   * Stores a draft; an empty text removes it. `base` is the text that was edited, if there was one. Returns false if the
   * browser refuses.
   */
  set(name, text, base) {
    // Without storage the text is still in its field.
    const stored = !text || this.#storage.setItem(this.#prefix + name, JSON.stringify({ text, base, at: this.#now() })) !== false;
    if (!text) this.#storage.removeItem(this.#prefix + name);
    for (const listener of this.#listeners) listener(name);
    return stored;
  }

  /** The names of all drafts. */
  get names() {
    return this.#storage.keys(this.#prefix).map((key) => key.slice(this.#prefix.length)).filter((name) => this.get(name));
  }

  /** Calls a listener with the name of a draft that has changed, here or in another tab. Returns the way to stop. */
  onChange(listener) {
    // eslint-disable-next-line no-restricted-syntax -- a key of the storage, not of the keyboard
    const inOtherTab = (event) => event.key?.startsWith(this.#prefix) && listener(event.key.slice(this.#prefix.length));
    this.#listeners.add(listener);
    globalThis.addEventListener?.('storage', inOtherTab);
    return () => {
      this.#listeners.delete(listener);
      globalThis.removeEventListener?.('storage', inOtherTab);
    };
  }

  /** The draft of a text that is edited in place, for `<ui-inplace>`. */
  of(name) {
    return { get: () => this.#read(name), set: (text, base) => this.set(name, text, base) };
  }

  /**
   * The draft of a composer. It belongs to the tab it was typed in: sent from two tabs it would be created twice. The
   * first tab that reads takes over the drafts of closed tabs, one below the other.
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
