/** Which lists of a board are collapsed for this person, remembered in this browser. */
import { localStore } from '../lib/storage.js';

export class CollapsedLists {
  #key;
  #changed;
  #storage;
  #ids;

  /**
   * @param {string} scope person and project
   * @param {() => void} [changed] called after every change
   */
  constructor(scope, changed = () => {}, storage = localStore) {
    this.#key = `collapsed:${scope}`;
    this.#changed = changed;
    this.#storage = storage;
    this.#ids = read(storage.getItem(this.#key));
  }

  has(id) {
    return this.#ids.has(id);
  }

  toggle(id) {
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.#keep();
  }

  /** Forgets the lists that are not on the board any more. */
  retain(isKnown) {
    const before = this.#ids.size;
    for (const id of this.#ids) if (!isKnown(id)) this.#ids.delete(id);
    if (this.#ids.size !== before) this.#keep();
  }

  #keep() {
    if (this.#ids.size > 0) this.#storage.setItem(this.#key, JSON.stringify([...this.#ids]));
    else this.#storage.removeItem(this.#key);
    this.#changed();
  }
}

// What another program has written there is as good as nothing.
function read(text) {
  try {
    return new Set(JSON.parse(text ?? '[]').map(String));
  } catch {
    return new Set();
  }
}
