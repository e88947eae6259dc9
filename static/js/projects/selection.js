/**
 * Which cards a person has selected on the board, to do one thing with all of them. It knows ids and nothing else; what
 * is selected stays until it goes, is deselected, or is no longer seen.
 */
export class Selection {
  #ids = new Set();
  #anchor = null;
  #besides = new Set();
  #changed;

  /** @param {() => void} changed called after every change */
  constructor(changed = () => {}) {
    this.#changed = changed;
  }

  get size() {
    return this.#ids.size;
  }

  /** In the order they were selected. */
  get ids() {
    return [...this.#ids];
  }

  has(id) {
    return this.#ids.has(id);
  }

  /** What somebody means who does something with one card: all that are selected if it is one of them, else only it. */
  meantBy(id) {
    return this.has(id) ? this.ids : [id];
  }

  /** Selects a card or deselects it; the next range begins there. */
  toggle(id) {
    const ids = this.ids.filter((other) => other !== id);
    if (!this.has(id)) ids.push(id);
    this.#set(ids);
    this.#begin(id);
  }

  /**
   * Selects all from where the range begins to `id`; a range that has gone elsewhere before is given up.
   *
   * @param {string} id
   * @param {string[]} order the cards of the list as they are seen
   */
  extendTo(id, order) {
    if (!order.includes(this.#anchor)) this.#begin(id);
    const ends = [order.indexOf(this.#anchor), order.indexOf(id)].sort((a, b) => a - b);
    this.#set([...this.#besides, ...order.slice(ends[0], ends[1] + 1)]);
  }

  /** Deselects what `isThere` does not hold for. */
  keep(isThere) {
    if (this.size > 0) this.#set(this.ids.filter(isThere));
    if (this.#anchor !== null && !isThere(this.#anchor)) this.#anchor = null;
  }

  clear() {
    this.#set([]);
    this.#anchor = null;
  }

  #begin(id) {
    this.#anchor = id;
    this.#besides = new Set(this.#ids);
  }

  #set(ids) {
    const before = this.#ids;
    this.#ids = new Set(ids);
    if (this.#ids.size !== before.size || ids.some((id) => !before.has(id))) this.#changed();
  }
}
