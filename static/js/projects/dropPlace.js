/** Turns "dropped between these two" into the index the contract's moves want. */
import { cardsOf, listsOf } from './boardState.js';

/**
 * The index cards get in a list, counted without themselves. The neighbours are the ones that were seen: hidden cards
 * may lie between them, and others may have come or gone since.
 */
export function cardPlace(state, { ids, listId, before, after }) {
  return place(cardsOf(state, listId).filter((card) => !ids.includes(card.id)), before, after);
}

/** The index a list gets, counted without itself. */
export function listPlace(state, { id, before, after }) {
  return place(listsOf(state).filter((list) => list.id !== id), before, after);
}

// `before` is the one in front of it, `after` the one behind it.
function place(others, before, after) {
  const behind = others.findIndex((item) => item.id === before);
  if (behind >= 0) return behind + 1;
  const ahead = others.findIndex((item) => item.id === after);
  if (ahead >= 0) return ahead;
  return before === undefined ? 0 : others.length;
}
