/**
 * Which lists of a board are collapsed for this person, remembered in this browser. A cookie for the address of the board
 * has the same ids, so that the server renders these lists collapsed and nothing moves when the script starts.
 */
import { removeCookie, setCookie } from '../lib/cookies.js';
import { localStore } from '../lib/storage.js';

// The server renders the page by this cookie.
const COOKIE = 'board_collapsed';
const MAX_IN_COOKIE = 200; // lists; the script collapses the others

export class CollapsedLists {
  #person;
  #path;
  #key;
  #changed;
  #storage;
  #ids;

  /**
   * @param {{person: string | null, project: {id: number, ownerName: string, name: string}}} board the person's id, null if
   *   signed out
   * @param {() => void} [changed] called after every change
   */
  constructor({ person, project: { id, ownerName, name } }, changed = () => {}, storage = localStore) {
    this.#person = person;
    this.#path = `/${encodeURIComponent(ownerName)}/${encodeURIComponent(name)}`;
    this.#key = `collapsed:${person}:${id}`;
    this.#changed = changed;
    this.#storage = storage;
    this.#ids = read(storage.getItem(this.#key));
    // The board may have got another address, and the cookie is kept for a year from now.
    if (this.#ids.size > 0) this.#writeCookie();
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
    this.#writeCookie();
    this.#changed();
  }

  #writeCookie() {
    if (this.#ids.size === 0) removeCookie(COOKIE, { path: this.#path });
    else setCookie(COOKIE, [this.#person ?? 0, ...[...this.#ids].slice(-MAX_IN_COOKIE)].join('.'), { path: this.#path });
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
