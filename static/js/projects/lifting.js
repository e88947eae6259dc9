/**
 * Moves lists and cards with the keyboard: Space lifts what has the focus, arrows carry it, Space or Enter drops it,
 * Escape puts it back. Every step is spoken.
 */
import { t } from '../lib/i18n.js';
import { cardsOf, listsOf } from './boardState.js';
import { moveCard, moveList } from './operations.js';

export class Lifting {
  #container;
  #store;
  #lifted = null;

  constructor(container, store) {
    this.#container = container;
    this.#store = store;
  }

  get isGoingOn() {
    return this.#lifted !== null;
  }

  /** Handles a key on the board; true if it was for us. */
  key(event) {
    if (this.#lifted) return this.#keyWhileLifted(event);
    if (event.key !== ' ' || !event.target.closest('[data-lift]')) return false;
    return this.#lift(event.target);
  }

  /** The focus has gone elsewhere: what was carried goes back. */
  cancel() {
    if (!this.#lifted) return;
    const { item } = this.#lifted;
    this.#end();
    this.#speak('projects.js.lift.cancelled', item);
  }

  #lift(handle) {
    const element = handle.closest('[data-card-id], [data-list-id]');
    const { view } = this.#store;
    const isCard = Boolean(element.dataset.cardId);
    const item = isCard ? view.cards.get(element.dataset.cardId) : view.lists.get(element.dataset.listId);
    if (!item || item.id.startsWith('new')) return false;
    this.#store.hold();
    this.#lifted = { element, handle, item, isCard, listId: item.listId, pos: item.pos };
    element.classList.add('lifted');
    this.#speak('projects.js.lift.lifted', item);
    return true;
  }

  #keyWhileLifted({ key }) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
    if (step) this.#carry(...step);
    else if (key === ' ' || key === 'Enter') this.#drop();
    else if (key === 'Escape') this.cancel();
    else return key !== 'Tab';
    return true;
  }

  #carry(sideways, down) {
    if (this.#lifted.isCard) this.#carryCard(sideways, down);
    else this.#carryList(sideways + down);
    this.#show();
  }

  #carryCard(sideways, down) {
    const { view } = this.#store;
    const lifted = this.#lifted;
    const lists = listsOf(view);
    const list = lists[lists.findIndex(({ id }) => id === lifted.listId) + sideways];
    if (!list) return;
    const others = this.#others(list.id);
    // Sideways keeps the height, as far as the other list has it.
    const index = Math.max(0, Math.min(lifted.pos + down, others.length));
    Object.assign(lifted, { listId: list.id, pos: index });
  }

  #carryList(step) {
    const last = this.#store.view.lists.size - 1;
    this.#lifted.pos = Math.max(0, Math.min(this.#lifted.pos + step, last));
  }

  #others(listId) {
    return cardsOf(this.#store.view, listId).filter((card) => card.id !== this.#lifted.item.id);
  }

  #show() {
    const { element, handle, isCard, listId, pos } = this.#lifted;
    const parent = isCard ? document.getElementById(`l-${listId}`).querySelector('[data-cards]') : this.#container;
    const siblings = [...parent.children].filter((child) => child !== element);
    parent.insertBefore(element, siblings[pos] ?? null);
    handle.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#speak('projects.js.lift.place', this.#lifted.item);
  }

  #drop() {
    const { item, isCard, listId, pos } = this.#lifted;
    const stays = item.pos === pos && item.listId === listId;
    this.#speak('projects.js.lift.dropped', item);
    this.#end();
    if (!stays) this.#store.do(isCard ? moveCard({ id: item.id, listId, pos }) : moveList({ id: item.id, pos }));
  }

  #end() {
    const { element, handle } = this.#lifted;
    element.classList.remove('lifted');
    this.#lifted = null;
    this.#store.release();
    handle.focus({ preventScroll: true });
  }

  #speak(key, item) {
    const lifted = this.#lifted ?? { isCard: Boolean(item.listId), listId: item.listId, pos: item.pos };
    const { view } = this.#store;
    const count = lifted.isCard ? this.#countIn(lifted, item) : view.lists.size;
    this.#store.tell('announce', t(key, {
      Name: item.name, List: lifted.isCard ? view.lists.get(lifted.listId)?.name ?? '' : t('projects.js.board'), Position: lifted.pos + 1, Total: count,
    }));
  }

  #countIn({ listId }, item) {
    return cardsOf(this.#store.view, listId).filter((card) => card.id !== item.id).length + 1;
  }
}
