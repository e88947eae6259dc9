/** `<board-columns>`: on a phone one list fills the screen; these controls go to the previous, the next or any list. */
import { Element } from '../lib/element.js';
import { oncePerFrame } from '../lib/timing.js';
import { listsOf } from './model/boardState.js';
import { storeOf } from './store.js';

export default class Columns extends Element {
  #store;
  #follow = oncePerFrame(() => this.#showCurrent());

  connected() {
    this.#store = storeOf(this);
    this.#store.on('change', ({ view, previous }) => view.lists !== previous.lists && this.#showLists(), this.signal);
    this.listen(this.#scroller, 'scroll', () => this.#follow(), { passive: true });
    this.#showLists();
  }

  disconnected() {
    this.#follow.cancel();
  }

  choose() {
    this.#goTo(this.target('choice').selectedIndex);
  }

  previous() {
    this.#goTo(this.target('choice').selectedIndex - 1);
  }

  next() {
    this.#goTo(this.target('choice').selectedIndex + 1);
  }

  get #scroller() {
    return document.getElementById(this.dataset.scroller);
  }

  #goTo(index) {
    const list = listsOf(this.#store.view)[index];
    if (list) document.getElementById(`l-${list.id}`)?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }

  #showLists() {
    const options = listsOf(this.#store.view).map((list) => new Option(list.name, list.id));
    this.target('choice').replaceChildren(...options);
    this.#showCurrent();
  }

  #showCurrent() {
    const scroller = this.#scroller;
    const middle = scroller.getBoundingClientRect().left + scroller.clientWidth / 2;
    const lists = listsOf(this.#store.view);
    const index = lists.findIndex(({ id }) => (document.getElementById(`l-${id}`)?.getBoundingClientRect().right ?? 0) > middle);
    const current = index < 0 ? lists.length - 1 : index;
    this.target('choice').selectedIndex = current;
    this.target('previous').disabled = current <= 0;
    this.target('next').disabled = current >= lists.length - 1;
  }
}
