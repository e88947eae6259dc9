/**
 * Keyboard focus on the board: arrows move it to the neighbour, Home and End to the first and last card of the list, PageUp
 * and PageDown by a page of the list. All cards and lists are one tab stop (RovingFocus, a roving tabindex).
 */
import { keyOf } from '../../lib/keys.js';

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** Moves the focus by a key; true if the key has moved it. */
export function moveFocus(event, container) {
  const { target } = event;
  const list = target.closest('[data-list-id]');
  if (!list) return false;
  const card = target.closest('[data-card-id]');
  const next = nextFor(keyOf(event), list, card, container);
  focusOn(next);
  return Boolean(next);
}

function nextFor(key, list, card, container) {
  const step = STEPS[key];
  if (step) return step[0] ? sideways(list, card, step[0], container) : upOrDown(list, card, step[1]);
  const cards = shownCards(list);
  if (key === 'Home') return cards[0];
  if (key === 'End') return cards.at(-1);
  if (key === 'PageUp' || key === 'PageDown') return pageAway(list, cards, cards.indexOf(card), key === 'PageDown' ? 1 : -1);
  return null;
}

// The card about one height of the list away, or the first or last card.
function pageAway(list, cards, from, direction) {
  const page = list.querySelector('[data-cards]').clientHeight;
  const start = cards[from]?.getBoundingClientRect().top ?? 0;
  let next = cards[from + direction];
  for (let at = from + direction; cards[at]; at += direction) {
    if (Math.abs(cards[at].getBoundingClientRect().top - start) > page) break;
    next = cards[at];
  }
  return next;
}

/** The roving tabindex: among all lists and cards, the one focused last is the tab stop. */
export class RovingFocus {
  #container;
  #current = null;

  /** @param {HTMLElement} container holds the lists */
  constructor(container, signal) {
    this.#container = container;
    container.addEventListener('focusin', ({ target }) => target.matches('[data-main]') && this.#choose(target), { signal });
  }

  /** Called after drawing: if the tab stop is removed or hidden, the first visible card replaces it. */
  settle() {
    for (const other of this.#container.querySelectorAll('[data-main]:not([tabindex="-1"])')) if (other !== this.#current) other.tabIndex = -1;
    if (this.#current?.isConnected && isSeen(this.#current)) return;
    const first = [...this.#container.querySelectorAll('[data-card-id]:not([hidden]) [data-main]')].find(isSeen) ?? this.#container.querySelector('[data-main]');
    if (first) this.#choose(first);
  }

  #choose(link) {
    if (link === this.#current) return;
    if (this.#current) {
      this.#current.tabIndex = -1;
      this.#current.removeAttribute('data-focus-home');
    }
    this.#current = link;
    link.tabIndex = 0;
    link.setAttribute('data-focus-home', '');
  }
}

// Not hidden, and not a card of a collapsed list.
function isSeen(link) {
  return !link.closest('[hidden]') && !(link.closest('.list-collapsed') && link.closest('[data-card-id]'));
}

/** Focuses a card's link or a list's first control. */
export function focusOn(element) {
  if (!element) return;
  element.querySelector('[data-main]')?.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function upOrDown(list, card, step) {
  const cards = shownCards(list);
  const index = card ? cards.indexOf(card) + step : 0;
  return cards[index] ?? (index < 0 ? list : null);
}

function sideways(list, card, step, container) {
  const lists = [...container.children].filter((child) => child.dataset.listId);
  const next = lists[lists.indexOf(list) + step];
  if (!next || !card) return next;
  const height = card.getBoundingClientRect().top;
  const nearest = shownCards(next).reduce((best, other) => {
    const distance = Math.abs(other.getBoundingClientRect().top - height);
    return !best || distance < best.distance ? { other, distance } : best;
  }, null);
  return nearest?.other ?? next;
}

function shownCards(list) {
  if (list.classList.contains('list-collapsed')) return [];
  return [...list.querySelectorAll('[data-card-id]')].filter((card) => !card.hidden);
}
