/** `<labels-names>`: shows or hides the names of labels on cards: by a menu entry, or a click on the labels of a card. */
import { Element } from '../lib/element.js';
import { localStore } from '../lib/storage.js';
import { storeOf } from '../board/store.js';
import { toggleLabelNames } from './commands.js';
import { labelsOf } from './model.js';

const KEY = 'labelNames'; // "hidden", or absent

export default class Names extends Element {
  connected() {
    this.#show(localStore.getItem(KEY) !== 'hidden');
    const store = storeOf(this);
    toggleLabelNames.handle(store, () => this.#toggle(), this.signal);
    this.#offer(store.view);
    store.on('change', ({ view }) => this.#offer(view), this.signal);
    // Before the board takes the click as one on the card.
    this.listen(document, 'click', (event) => this.#click(event), { capture: true });
  }

  get #root() {
    return this.closest('board-root');
  }

  // Without labels the menu entry would do nothing.
  #offer(view) {
    for (const entry of this.#root.querySelectorAll('[value="toggle-label-names"]')) entry.hidden = labelsOf(view).length === 0;
  }

  #click(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !event.target.closest('.cardChips .labelChips')) return;
    event.preventDefault();
    event.stopPropagation();
    this.#toggle();
  }

  #toggle() {
    const shown = this.#root.dataset.labelNames === 'hidden';
    if (shown) localStore.removeItem(KEY);
    else localStore.setItem(KEY, 'hidden');
    this.#show(shown);
  }

  #show(shown) {
    if (shown) delete this.#root.dataset.labelNames;
    else this.#root.dataset.labelNames = 'hidden';
  }
}
