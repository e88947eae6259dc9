/** What this person opened by the palette lately, in this browser. */
import { localStore, safeStorage } from '../lib/storage.js';

const MAX = 6;
const PREFIX = 'recent:';

/**
 * @param {string | undefined} viewer the person's id; nothing is kept for visitors
 */
export class Recent {
  #key;
  #storage;

  constructor(viewer, storage = localStore) {
    this.#key = viewer ? PREFIX + viewer : null;
    this.#storage = safeStorage(() => storage);
  }

  /** The entries, the last opened first. */
  get all() {
    if (!this.#key) return [];
    try {
      const entries = JSON.parse(this.#storage.getItem(this.#key) ?? '[]');
      return Array.isArray(entries) ? entries.filter(isEntry).slice(0, MAX) : [];
    } catch {
      return [];
    }
  }

  /** Puts an entry in front: `{kind, name, detail, href}`. */
  add({ kind, name, detail, href }) {
    if (!this.#key) return;
    const others = this.all.filter((entry) => entry.href !== href);
    this.#storage.setItem(this.#key, JSON.stringify([{ kind, name, detail, href }, ...others].slice(0, MAX)));
  }
}

function isEntry(entry) {
  return ['kind', 'name', 'detail', 'href'].every((key) => typeof entry?.[key] === 'string') && entry.href.startsWith('/') && !entry.href.startsWith('//');
}
