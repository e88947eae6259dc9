/** Arrow keys go from card to card and from list to list. */
import { keyOf } from '../lib/keys.js';

/** Moves the focus as an arrow key asks; true if it was one and there was somewhere to go. */
export function moveFocus(event, container) {
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[keyOf(event)];
  const { target } = event;
  const list = target.closest('[data-list-id]');
  if (!step || !list) return false;
  const card = target.closest('[data-card-id]');
  const heir = step[0] ? sideways(list, card, step[0], container) : upOrDown(list, card, step[1]);
  focusOn(heir);
  return Boolean(heir);
}

/** Gives the focus to a card's link, or to a list's first control. */
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
  return [...list.querySelectorAll('[data-card-id]')].filter((card) => !card.hidden);
}
