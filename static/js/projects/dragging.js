/** Drags lists and cards on the board with mouse and finger. */
import { AutoScroll } from '../lib/autoScroll.js';
import { pointerDrag } from '../lib/pointerDrag.js';
import { cardPlace, listPlace } from './dropPlace.js';
import { blockMove } from './block.js';
import { moveList } from './operations.js';

/**
 * @param {HTMLElement} scroller scrolls sideways and holds everything
 * @param {HTMLElement} container holds the lists
 * @param {import('./store.js').BoardStore} store
 * @returns {() => void} stops
 */
export function dragOnBoard(scroller, container, store) {
  const drag = new BoardDrag(scroller, container, store);
  return pointerDrag(scroller, {
    pick: (target) => drag.pick(target),
    onStart: (item, picture) => drag.start(item, picture),
    onMove: (x, y) => drag.move(x, y),
    onDrop: () => drag.drop(),
    onCancel: () => drag.end(),
  });
}

class BoardDrag {
  #scroller;
  #container;
  #store;
  #item = null;
  #ids = [];
  #place = null;
  #scroll = null;
  #pointer = { x: 0, y: 0 };

  constructor(scroller, container, store) {
    this.#scroller = scroller;
    this.#container = container;
    this.#store = store;
  }

  pick(target) {
    if (target.closest('button:not([data-lift]), input, textarea, select, [data-still]')) return null;
    const card = target.closest('[data-card-id]');
    if (card) return card.dataset.cardId.startsWith('new') ? null : card;
    return target.closest('[data-list-header]') ? target.closest('[data-list-id]') : null;
  }

  start(item, picture) {
    this.#store.hold();
    const page = this.#pageWidth();
    this.#item = item;
    this.#ids = item.dataset.cardId ? this.#store.selection.meantBy(item.dataset.cardId) : [];
    this.#place = document.createElement('li');
    this.#place.className = item.dataset.cardId ? 'cardPlace' : 'listPlace';
    this.#place.style.blockSize = `${item.offsetHeight}px`;
    item.after(this.#place);
    item.classList.add('dragSource');
    if (this.#ids.length > 1) {
      picture.dataset.stack = this.#ids.length;
      this.#container.classList.add('carriesSelection');
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

  drop() {
    this.#settle(); // the board may still have been scrolling
    const operation = this.#item.dataset.cardId ? this.#cardMove() : this.#listMove();
    const wasSelected = this.#store.selection.has(this.#ids[0]);
    this.end();
    if (operation) this.#store.do(operation);
    if (wasSelected) this.#store.selection.clear();
  }

  end() {
    this.#scroll.stop();
    this.#place.remove();
    this.#item.classList.remove('dragSource');
    this.#container.classList.remove('carriesSelection');
    this.#item = this.#place = null;
    this.#store.release();
  }

  // On a phone one list fills the screen: then the board is turned over like pages. 0 where several are seen.
  #pageWidth() {
    const [first, second] = this.#container.children;
    return second && first.offsetWidth * 1.5 > this.#scroller.clientWidth ? second.offsetLeft - first.offsetLeft : 0;
  }

  // Where the pointer rests decides; outside of everything the last place stays.
  #settle() {
    if (this.#item.dataset.cardId) this.#settleCard();
    else this.#settleList();
  }

  #settleCard() {
    const { x, y } = this.#pointer;
    const column = this.#columnAt(this.#pointer);
    if (!column) return;
    const cards = column.querySelector('[data-cards]');
    const under = document.elementFromPoint(x, y)?.closest('[data-card-id]');
    if (under && under !== this.#item) {
      const box = under.getBoundingClientRect();
      this.#put(cards, y < box.top + box.height / 2 ? under : under.nextElementSibling);
    } else if (!cards.contains(this.#place) || y < cards.getBoundingClientRect().top) {
      this.#put(cards, y < cards.getBoundingClientRect().top ? cards.firstElementChild : null);
    } else if (y > lastVisibleEdge(cards, this.#place)) {
      this.#put(cards, null);
    }
  }

  #settleList() {
    const column = this.#columnAt(this.#pointer);
    if (!column || column === this.#item) return;
    const box = column.getBoundingClientRect();
    this.#put(this.#container, this.#pointer.x < box.left + box.width / 2 ? column : column.nextElementSibling);
  }

  #put(parent, before) {
    if (before === this.#place || (this.#place.parentNode === parent && this.#place.nextSibling === before)) return;
    parent.insertBefore(this.#place, before);
  }

  // The column whose breadth the pointer is in; above or below it counts too. Mostly it is in the column itself, and
  // asking for that does not measure a hundred others.
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

  // Some of them may be gone meanwhile.
  #cardMove() {
    const { view } = this.#store;
    const ids = this.#ids.filter((id) => view.cards.has(id));
    const listId = this.#place.closest('[data-list-id]').dataset.listId;
    const pos = cardPlace(view, { ids, listId, ...neighbours(this.#place, (element) => ids.includes(element.dataset.cardId), 'cardId') });
    return blockMove(view, { ids, listId, pos });
  }

  #listMove() {
    const id = this.#item.dataset.listId;
    const pos = listPlace(this.#store.view, { id, ...neighbours(this.#place, (element) => element === this.#item, 'listId') });
    const list = this.#store.view.lists.get(id);
    return !list || list.pos === pos ? null : moveList({ id, pos });
  }
}

// Ids of what is seen in front of and behind the place.
function neighbours(place, isCarried, key) {
  const seen = (element, step) => {
    let found = element[step];
    while (found && (isCarried(found) || found.hidden || !found.dataset[key])) found = found[step];
    return found?.dataset[key];
  };
  return { before: seen(place, 'previousElementSibling'), after: seen(place, 'nextElementSibling') };
}

function lastVisibleEdge(cards, place) {
  const last = [...cards.children].findLast((child) => child !== place && child.getClientRects().length > 0);
  return last ? last.getBoundingClientRect().bottom : -Infinity;
}
