/** Drags lists and cards on the board by mouse or touch. */
import { AutoScroll } from '../../lib/autoScroll.js';
import { pointerDrag } from '../../lib/pointerDrag.js';
import { cardPosition, listPosition } from '../model/boardState.js';
import { blockMove } from '../../cards/operations.js';
import { moveList } from '../../lists/operations.js';

/**
 * @param {HTMLElement} scroller scrolls sideways and holds everything
 * @param {HTMLElement} container holds the lists
 * @param {import('../store.js').BoardStore} store
 * @param {import('../view/motion.js').BoardMotion} motion
 * @returns {() => void} stops listening
 */
export function dragOnBoard(scroller, container, store, motion) {
  const drag = new BoardDrag(scroller, container, store, motion);
  return pointerDrag(scroller, {
    pick: (target) => drag.pick(target),
    onStart: (item, preview) => drag.start(item, preview),
    onMove: (x, y) => drag.move(x, y),
    onDrop: (box) => drag.drop(box),
    onCancel: () => drag.end(),
  });
}

class BoardDrag {
  #scroller;
  #container;
  #store;
  #motion;
  #item = null;
  #ids = [];
  #placeholder = null;
  #scroll = null;
  #pointer = { x: 0, y: 0 };

  constructor(scroller, container, store, motion) {
    this.#scroller = scroller;
    this.#container = container;
    this.#store = store;
    this.#motion = motion;
  }

  pick(target) {
    if (target.closest('button:not([data-drag-handle]), input, textarea, select, [data-still]')) return null;
    const card = target.closest('[data-card-id]');
    if (card) return card.dataset.cardId.startsWith('new') ? null : card;
    return target.closest('[data-list-header]') ? target.closest('[data-list-id]') : null;
  }

  start(item, preview) {
    this.#store.hold();
    const page = this.#pageWidth();
    this.#item = item;
    this.#ids = item.dataset.cardId ? this.#store.selection.targetsOf(item.dataset.cardId) : [];
    this.#placeholder = document.createElement('li');
    this.#placeholder.className = item.dataset.cardId ? 'cardPlaceholder' : 'listPlaceholder';
    this.#placeholder.style.blockSize = `${item.offsetHeight}px`;
    item.after(this.#placeholder);
    item.classList.add('dragSource');
    if (this.#ids.length > 1) {
      preview.dataset.stack = this.#ids.length;
      this.#container.classList.add('dragsSelection');
    }
    this.#scroll = new AutoScroll({
      across: this.#scroller, down: () => this.#columnAt(this.#pointer)?.querySelector('[data-cards]') ?? null,
      scrolled: () => this.#settle(), page,
    });
  }

  move(x, y) {
    this.#pointer = { x, y };
    this.#scroll.at(x, y);
    this.#settle();
  }

  drop(box) {
    this.#settle(); // the board may still have been scrolling
    this.#noteDrop(box);
    const operation = this.#item.dataset.cardId ? this.#cardMove() : this.#listMove();
    const wasSelected = this.#store.selection.has(this.#ids[0]);
    this.end();
    if (operation) this.#store.do(operation);
    if (wasSelected) this.#store.selection.clear();
  }

  end() {
    this.#scroll.stop();
    this.#placeholder.remove();
    this.#item.classList.remove('dragSource');
    this.#container.classList.remove('dragsSelection');
    this.#item = this.#placeholder = null;
    this.#store.release();
  }

  // Everything goes from where it is now, with the gap, to where it will be: what was dragged comes from its preview.
  #noteDrop(box) {
    const isCard = Boolean(this.#item.dataset.cardId);
    for (const element of isCard ? this.#ids.map((id) => document.getElementById(`c-${id}`)) : [this.#item]) if (element) this.#motion.noteFrom(element, box);
    this.#motion.note(isCard ? { columns: this.#columnsOf(this.#item, this.#placeholder) } : { lists: true });
  }

  #columnsOf(...elements) {
    return new Set(elements.map((element) => element.closest('[data-list-id]')).filter(Boolean));
  }

  // On a phone one list fills the screen and the board scrolls by pages. 0 where several lists are visible.
  #pageWidth() {
    const [first, second] = this.#container.children;
    return second && first.offsetWidth * 1.5 > this.#scroller.clientWidth ? second.offsetLeft - first.offsetLeft : 0;
  }

  // Moves the placeholder to the position under the pointer; outside the board it stays.
  #settle() {
    if (this.#item.dataset.cardId) this.#settleCard();
    else this.#settleList();
  }

  #settleCard() {
    const { y } = this.#pointer;
    const column = this.#columnAt(this.#pointer);
    if (!column) return;
    const cards = column.querySelector('[data-cards]');
    const top = cards.getBoundingClientRect().top;
    this.#put(cards, y < top ? cards.firstElementChild : cardBelow(cards, y - top + cards.scrollTop));
  }

  #settleList() {
    const column = this.#columnAt(this.#pointer);
    if (!column || column === this.#item) return;
    const middle = this.#container.getBoundingClientRect().left + column.offsetLeft - this.#container.offsetLeft + column.offsetWidth / 2;
    this.#put(this.#container, this.#pointer.x < middle ? column : column.nextElementSibling);
  }

  #put(parent, before) {
    if (before === this.#placeholder || (this.#placeholder.parentNode === parent && this.#placeholder.nextSibling === before)) return;
    this.#motion.note(parent === this.#container ? { lists: true } : { columns: this.#columnsOf(this.#placeholder, parent) });
    parent.insertBefore(this.#placeholder, before);
    this.#motion.play();
  }

  // The list in whose horizontal range the pointer is, also above or below it. The list under the pointer comes first,
  // which avoids measuring a hundred others.
  #columnAt({ x, y }) {
    const under = document.elementFromPoint(x, y)?.closest('[data-list-id]');
    if (under && this.#takes(under)) return under;
    for (const column of this.#container.children) {
      if (!this.#takes(column)) continue;
      const box = column.getBoundingClientRect();
      if (x >= box.left - 6 && x <= box.right + 6) return column;
    }
    return null;
  }

  #takes(column) {
    return column.dataset.listId && !column.classList.contains('dragSource') && !column.dataset.listId.startsWith('new');
  }

  // Some of the cards may have been removed during the drag.
  #cardMove() {
    const { view } = this.#store;
    const ids = this.#ids.filter((id) => view.cards.has(id));
    const listId = this.#placeholder.closest('[data-list-id]').dataset.listId;
    const pos = cardPosition(view, { ids, listId, ...neighbours(this.#placeholder, (element) => ids.includes(element.dataset.cardId), 'cardId') });
    return blockMove(view, { ids, listId, pos });
  }

  #listMove() {
    const id = this.#item.dataset.listId;
    const pos = listPosition(this.#store.view, { id, ...neighbours(this.#placeholder, (element) => element === this.#item, 'listId') });
    const list = this.#store.view.lists.get(id);
    return !list || list.pos === pos ? null : moveList({ id, pos });
  }
}

// The ids of the visible neighbours of the placeholder.
function neighbours(placeholder, isDragged, key) {
  const seen = (element, step) => {
    let found = element[step];
    while (found && (isDragged(found) || found.hidden || !found.dataset[key])) found = found[step];
    return found?.dataset[key];
  };
  return { before: seen(placeholder, 'previousElementSibling'), after: seen(placeholder, 'nextElementSibling') };
}

// The first card whose middle is below `y`, px from the top of the column's content; null below all. Cards make room by an
// animation: what counts is the layout, not where they are on the way.
function cardBelow(column, y) {
  const cards = [...column.children].filter((card) => card.dataset.cardId && !card.hidden && !card.classList.contains('dragSource'));
  let first = 0;
  for (let end = cards.length; first < end;) {
    const middle = (first + end) >> 1;
    if (cards[middle].offsetTop - column.offsetTop + cards[middle].offsetHeight / 2 <= y) first = middle + 1;
    else end = middle;
  }
  return cards[first] ?? null;
}
