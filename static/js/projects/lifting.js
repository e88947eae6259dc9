/**
 * Moves lists and cards with the keyboard: Space lifts what has the focus, arrows carry it, Space or Enter drops it,
 * Escape puts it back. Every step is spoken. A selected card carries all that are selected.
 */
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { cardsOf, listsOf } from './boardState.js';
import { blockMove } from './block.js';
import { moveList } from './operations.js';

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
    if (keyOf(event) !== ' ' || !event.target.closest('[data-lift]')) return false;
    return this.#lift(event.target);
  }

  /** The focus has gone elsewhere: what was carried goes back. */
  cancel() {
    if (!this.#lifted) return;
    this.#speak('projects.js.lift.cancelled', this.#lifted.item);
    this.#end();
  }

  #lift(handle) {
    const element = handle.closest('[data-card-id], [data-list-id]');
    const { view } = this.#store;
    const isCard = Boolean(element.dataset.cardId);
    const item = isCard ? view.cards.get(element.dataset.cardId) : view.lists.get(element.dataset.listId);
    if (!item || item.id.startsWith('new')) return false;
    this.#store.hold();
    const ids = isCard ? this.#store.selection.meantBy(item.id) : [item.id];
    this.#lifted = { element, handle, item, isCard, ids, listId: item.listId, pos: item.pos };
    if (isCard) this.#lifted.pos = this.#others(item.listId).filter(({ pos }) => pos < item.pos).length;
    element.classList.add('lifted');
    if (ids.length > 1) {
      element.dataset.stack = ids.length;
      this.#container.classList.add('carriesSelection');
    }
    this.#speak('projects.js.lift.lifted', item);
    return true;
  }

  #keyWhileLifted(event) {
    const key = keyOf(event);
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
    return cardsOf(this.#store.view, listId).filter((card) => !this.#lifted.ids.includes(card.id));
  }

  #show() {
    const { element, handle, isCard, ids, listId, pos } = this.#lifted;
    const parent = isCard ? document.getElementById(`l-${listId}`).querySelector('[data-cards]') : this.#container;
    const siblings = [...parent.children].filter((child) => child !== element && !(isCard && ids.includes(child.dataset.cardId)));
    parent.insertBefore(element, siblings[pos] ?? null);
    handle.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#speak('projects.js.lift.place', this.#lifted.item);
  }

  #drop() {
    const { item, isCard } = this.#lifted;
    const operation = this.#operation();
    this.#speak('projects.js.lift.dropped', item);
    this.#end();
    if (operation) this.#store.do(operation);
    if (isCard && this.#store.selection.has(item.id)) this.#store.selection.clear();
  }

  #operation() {
    const { item, isCard, ids, listId, pos } = this.#lifted;
    const { view } = this.#store;
    // Compared with what was lifted, not with the view: others may have moved it by now.
    if (ids.length === 1 && item.listId === listId && item.pos === pos) return null;
    if (isCard) return blockMove(view, { ids: ids.filter((id) => view.cards.has(id)), listId, pos });
    return moveList({ id: item.id, pos });
  }

  #end() {
    const { element, handle } = this.#lifted;
    element.classList.remove('lifted');
    delete element.dataset.stack;
    this.#container.classList.remove('carriesSelection');
    this.#lifted = null;
    this.#store.release();
    handle.focus({ preventScroll: true });
  }

  #speak(key, item) {
    const { isCard, ids, listId, pos } = this.#lifted;
    const { view } = this.#store;
    this.#store.tell('announce', t(key, {
      Name: ids.length > 1 ? t('projects.js.lift.cards', { Count: ids.length }) : item.name,
      List: isCard ? view.lists.get(listId)?.name ?? '' : t('projects.js.board'),
      Position: pos + 1,
      Total: isCard ? this.#others(listId).length + 1 : view.lists.size,
    }));
  }
}
