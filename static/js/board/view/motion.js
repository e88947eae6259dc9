/**
 * Moves of cards and lists on the board, as they are seen: whatever gets another place goes there (lib/flip.js). Of a large
 * board only what is inside the window is measured, and only in lists whose order changes.
 */
import { placesOf, playFrom } from '../../lib/flip.js';

export class BoardMotion {
  #scroller;
  #container;
  #places = new Map(); // where things were noted
  #columns = new Set();
  #lists = false;

  /**
   * @param {HTMLElement} scroller scrolls the board sideways
   * @param {HTMLElement} container holds the lists
   */
  constructor(scroller, container) {
    this.#scroller = scroller;
    this.#container = container;
  }

  /**
   * Notes where cards and lists are, before their order changes. What is noted already stays: it is what was seen last.
   *
   * @param {{columns?: Iterable<HTMLElement>, lists?: boolean}} what lists whose cards will move; whether lists will move
   */
  note({ columns = [], lists = false }) {
    for (const column of columns) this.#columns.add(column);
    this.#lists ||= lists;
    for (const [element, place] of placesOf(this.#seen(columns, lists))) if (!this.#places.has(element)) this.#places.set(element, place);
  }

  /** Notes that a card comes from `box`, where the preview of its drag was dropped. */
  noteFrom(element, box) {
    this.#places.set(element, { box, parent: element.dataset.cardId ? null : element.parentElement });
  }

  /** Lets everything go from where it was noted to where it is now. */
  play() {
    if (this.#columns.size === 0 && !this.#lists) return;
    const [places, columns, lists] = [this.#places, this.#columns, this.#lists];
    [this.#places, this.#columns, this.#lists] = [new Map(), new Set(), false];
    playFrom(places, this.#seen(columns, lists));
  }

  #seen(columns, lists) {
    const window = this.#scroller.getBoundingClientRect();
    const elements = lists ? [...this.#container.children].filter((list) => list.dataset.listId && isBeside(list.getBoundingClientRect(), window)) : [];
    for (const column of columns) elements.push(...seenCards(column, window));
    return elements;
  }
}

// The cards of a list between the edges of what it shows: those above are skipped by halving.
function seenCards(list, window) {
  const column = list.querySelector('[data-cards]');
  const { top, bottom, left, right, height } = column.getBoundingClientRect();
  if (height === 0 || right < window.left || left > window.right) return [];
  const cards = [...column.children].filter((card) => card.dataset.cardId && !card.hidden && !card.classList.contains('dragSource'));
  let first = 0;
  for (let end = cards.length; first < end;) {
    const middle = (first + end) >> 1;
    if (cards[middle].getBoundingClientRect().bottom < top) first = middle + 1;
    else end = middle;
  }
  const seen = [];
  for (let index = first; index < cards.length && cards[index].getBoundingClientRect().top <= bottom; index += 1) seen.push(cards[index]);
  return seen;
}

function isBeside({ left, right }, window) {
  return right >= window.left && left <= window.right;
}
