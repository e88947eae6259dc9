/** Drags lists and cards on the board with mouse and finger. */
import { AutoScroll } from '../lib/autoScroll.js';
import { pointerDrag } from '../lib/pointerDrag.js';
import { cardPlace, listPlace } from './dropPlace.js';
import { moveCard, moveList } from './operations.js';

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
    onStart: (item) => drag.start(item),
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

  start(item) {
    this.#store.hold();
    this.#item = item;
    this.#place = document.createElement('li');
    this.#place.className = item.dataset.cardId ? 'cardPlace' : 'listPlace';
    this.#place.style.blockSize = `${item.offsetHeight}px`;
    item.after(this.#place);
    item.classList.add('dragSource');
    this.#scroll = new AutoScroll({
      across: this.#scroller, down: () => this.#columnAt(this.#pointer)?.querySelector('[data-cards]') ?? null,
      scrolled: () => this.#settle(),
    });
  }

  move(x, y) {
    this.#pointer = { x, y };
    this.#scroll.at(x, y);
    this.#settle();
  }

  drop() {
    const operation = this.#item.dataset.cardId ? this.#cardMove() : this.#listMove();
    this.end();
    if (operation) this.#store.do(operation);
  }

  end() {
    this.#scroll.stop();
    this.#place.remove();
    this.#item.classList.remove('dragSource');
    this.#item = this.#place = null;
    this.#store.release();
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

  #cardMove() {
    const id = this.#item.dataset.cardId;
    const listId = this.#place.closest('[data-list-id]').dataset.listId;
    const { before, after } = neighbours(this.#place, this.#item, 'cardId');
    const pos = cardPlace(this.#store.view, { id, listId, before, after });
    const card = this.#store.view.cards.get(id);
    return !card || (card.listId === listId && card.pos === pos) ? null : moveCard({ id, listId, pos });
  }

  #listMove() {
    const id = this.#item.dataset.listId;
    const { before, after } = neighbours(this.#place, this.#item, 'listId');
    const pos = listPlace(this.#store.view, { id, before, after });
    const list = this.#store.view.lists.get(id);
    return !list || list.pos === pos ? null : moveList({ id, pos });
  }
}

// Ids of what is seen in front of and behind the place.
function neighbours(place, item, key) {
  const seen = (element, step) => {
    let found = element[step];
    while (found && (found === item || found.hidden || !found.dataset[key])) found = found[step];
    return found?.dataset[key];
  };
  return { before: seen(place, 'previousElementSibling'), after: seen(place, 'nextElementSibling') };
}

function lastVisibleEdge(cards, place) {
  const last = [...cards.children].findLast((child) => child !== place && !child.hidden && !child.classList.contains('dragSource'));
  return last ? last.getBoundingClientRect().bottom : -Infinity;
}
