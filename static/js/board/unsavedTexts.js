/** Which cards and lists have a text that was typed here and not saved: what their windows keep as a draft. */

const NAME = /^(?:card|list):\w+:(?:name|desc)$/;

export class UnsavedTexts {
  #drafts;
  #names;
  #stop;

  /**
   * @param {import('../lib/drafts.js').Drafts} drafts
   * @param {() => void} changed called when there is another one, or one less
   */
  constructor(drafts, changed) {
    this.#drafts = drafts;
    this.#names = new Set(drafts.names.filter((name) => NAME.test(name)));
    this.#stop = drafts.onChange((name) => this.#update(name, changed));
  }

  /** Whether a card or list has one. */
  has(kind, item) {
    if (this.#names.size === 0) return false;
    return ['name', 'desc'].some((field) => {
      const name = `${kind}:${item.id}:${field}`;
      return this.#names.has(name) && this.#drafts.get(name) !== item[field];
    });
  }

  /** Stops following the drafts. */
  close() {
    this.#stop();
  }

  #update(name, changed) {
    if (!NAME.test(name)) return;
    const before = this.#names.size;
    if (this.#drafts.get(name)) this.#names.add(name);
    else this.#names.delete(name);
    if (this.#names.size !== before) changed();
  }
}
