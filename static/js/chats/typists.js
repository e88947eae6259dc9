/** Who is writing in the open chat: a person is shown until a message of theirs comes, or for a few seconds. */
import { t } from '../lib/i18n.js';

const SHOWN_MS = 5000;
const MAX_NAMES = 3;

export class Typists {
  #timers = new Map();
  #show;
  #nameOf;

  /**
   * @param {(text: string) => void} show shows a text
   * @param {(userId: number) => string | undefined} nameOf
   */
  constructor(show, nameOf) {
    this.#show = show;
    this.#nameOf = nameOf;
  }

  /** A person is writing. */
  add(userId) {
    clearTimeout(this.#timers.get(userId));
    this.#timers.set(userId, setTimeout(() => this.drop(userId), SHOWN_MS));
    this.#draw();
  }

  /** A person has stopped. */
  drop(userId) {
    clearTimeout(this.#timers.get(userId));
    if (this.#timers.delete(userId)) this.#draw();
  }

  /** Forgets everyone. */
  clear() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#draw();
  }

  #draw() {
    const names = [...this.#timers.keys()].map(this.#nameOf).filter(Boolean);
    this.#show(names.length === 0 ? '' : t('chats.js.typing', { Count: names.length, Names: names.slice(0, MAX_NAMES).join(', ') }));
  }
}
