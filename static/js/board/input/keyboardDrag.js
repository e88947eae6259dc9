/**
 * Drags lists and cards with the keyboard: Space picks up the focused one, arrows move it, Space or Enter drops it, Escape
 * cancels. Every step is announced. Picking up a selected card moves the whole selection.
 */
import { t } from '../../lib/i18n.js';
import { keyOf } from '../../lib/keys.js';
import { cardsOf, listsOf } from '../model/boardState.js';
import { blockMove } from '../../cards/operations.js';
import { moveList } from '../../lists/operations.js';

export class KeyboardDrag {
  #container;
  #store;
  #motion;
  #picked = null;

  constructor(container, store, motion) {
    this.#container = container;
    this.#store = store;
    this.#motion = motion;
  }

  get isActive() {
    return this.#picked !== null;
  }

  /** Handles a key on the board; true if the key was used. */
  key(event) {
    if (this.#picked) return this.#keyWhilePicked(event);
    if (keyOf(event) !== ' ' || !event.target.closest('[data-drag-handle]')) return false;
    return this.#pickUp(event.target);
  }

  /** Cancels the drag, for example when the focus leaves the board. */
  cancel() {
    if (!this.#picked) return;
    this.#announce('projects.js.keyboardDrag.cancelled', this.#picked.item);
    this.#end();
  }

  #pickUp(handle) {
    const element = handle.closest('[data-card-id], [data-list-id]');
    const { view } = this.#store;
    const isCard = Boolean(element.dataset.cardId);
    const item = isCard ? view.cards.get(element.dataset.cardId) : view.lists.get(element.dataset.listId);
    if (!item || item.id.startsWith('new')) return false;
    this.#store.hold();
    const ids = isCard ? this.#store.selection.targetsOf(item.id) : [item.id];
    this.#picked = { element, handle, item, isCard, ids, listId: item.listId, pos: item.pos };
    if (isCard) this.#picked.pos = this.#others(item.listId).filter(({ pos }) => pos < item.pos).length;
    element.classList.add('pickedUp');
    if (ids.length > 1) {
      element.dataset.stack = ids.length;
      this.#container.classList.add('dragsSelection');
    }
    this.#announce('projects.js.keyboardDrag.pickedUp', item);
    return true;
  }

  #keyWhilePicked(event) {
    const key = keyOf(event);
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
    if (step) this.#move(...step);
    else if (key === ' ' || key === 'Enter') this.#drop();
    else if (key === 'Escape') this.cancel();
    else return key !== 'Tab';
    return true;
  }

  #move(sideways, down) {
    if (this.#picked.isCard) this.#moveCard(sideways, down);
    else this.#moveList(sideways + down);
    this.#show();
  }

  #moveCard(sideways, down) {
    const { view } = this.#store;
    const picked = this.#picked;
    const lists = listsOf(view).filter(({ id }) => id === picked.listId || !this.#store.collapsed.has(id));
    const list = lists[lists.findIndex(({ id }) => id === picked.listId) + sideways];
    if (!list) return;
    const others = this.#others(list.id);
    // A move sideways keeps the index, clamped to the length of the list.
    const index = Math.max(0, Math.min(picked.pos + down, others.length));
    Object.assign(picked, { listId: list.id, pos: index });
  }

  #moveList(step) {
    const last = this.#store.view.lists.size - 1;
    this.#picked.pos = Math.max(0, Math.min(this.#picked.pos + step, last));
  }

  #others(listId) {
    return cardsOf(this.#store.view, listId).filter((card) => !this.#picked.ids.includes(card.id));
  }

  #show() {
    const { element, handle, isCard, ids, listId, pos } = this.#picked;
    const parent = isCard ? document.getElementById(`l-${listId}`).querySelector('[data-cards]') : this.#container;
    const siblings = [...parent.children].filter((child) => child !== element && !(isCard && ids.includes(child.dataset.cardId)));
    this.#motion.note(isCard ? { columns: new Set([element.closest('[data-list-id]'), parent.closest('[data-list-id]')]) } : { lists: true });
    parent.insertBefore(element, siblings[pos] ?? null);
    handle.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#motion.play();
    this.#announce('projects.js.keyboardDrag.position', this.#picked.item);
  }

  #drop() {
    const { item, isCard } = this.#picked;
    const operation = this.#operation();
    this.#announce('projects.js.keyboardDrag.dropped', item);
    this.#end();
    if (operation) this.#store.do(operation);
    if (isCard && this.#store.selection.has(item.id)) this.#store.selection.clear();
  }

  #operation() {
    const { item, isCard, ids, listId, pos } = this.#picked;
    const { view } = this.#store;
    // Compared with the position at pick-up: others may have moved the item since.
    if (ids.length === 1 && item.listId === listId && item.pos === pos) return null;
    if (isCard) return blockMove(view, { ids: ids.filter((id) => view.cards.has(id)), listId, pos });
    return moveList({ id: item.id, pos });
  }

  #end() {
    const { element, handle } = this.#picked;
    element.classList.remove('pickedUp');
    delete element.dataset.stack;
    this.#container.classList.remove('dragsSelection');
    this.#picked = null;
    this.#store.release();
    handle.focus({ preventScroll: true });
  }

  #announce(key, item) {
    const { isCard, ids, listId, pos } = this.#picked;
    const { view } = this.#store;
    this.#store.emit('announce', t(key, {
      Name: ids.length > 1 ? t('projects.js.keyboardDrag.cards', { Count: ids.length }) : item.name,
      List: isCard ? view.lists.get(listId)?.name ?? '' : t('projects.js.board'),
      Position: pos + 1,
      Total: isCard ? this.#others(listId).length + 1 : view.lists.size,
    }));
  }
}
