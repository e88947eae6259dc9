/** What reducers are made of: changes of lists and cards that throw DivergedError where an event does not fit the state. */
import { cardsOf, listsOf } from './boardState.js';

/** Thrown when an event does not fit the state: the only remedy is a fresh snapshot. */
export class DivergedError extends Error {}

/** The item with an id. */
export function known(map, id) {
  const found = map.get(String(id));
  if (!found) throw new DivergedError(`unknown id ${id}`);
  return found;
}

/** Changes fields of an item in `map`, which is the reducer's own copy. */
export function patch(map, id, changes) {
  const changed = { ...known(map, id), ...changes };
  map.set(changed.id, changed);
  return changed;
}

/** Shifts an item by `delta` positions. */
export function shift(map, id, delta) {
  return patch(map, id, { pos: known(map, id).pos + delta });
}

/** The state, if the positions of the lists are 0..n-1. */
export function dense(state) {
  listsOf(state).forEach((list, index) => requirePos(list, index));
  return state;
}

/** The state, if the positions of the cards in these lists are 0..n-1. */
export function denseIn(state, listIds) {
  for (const listId of listIds) cardsOf(state, listId).forEach((card, index) => requirePos(card, index));
  return state;
}

/** The state with a module's data on a card changed by `change(value)`; for reducers. */
export function patchCardPart(state, id, name, change) {
  const card = known(state.cards, id);
  return { ...state, cards: new Map(state.cards).set(card.id, { ...card, parts: { ...card.parts, [name]: change(card.parts[name]) } }) };
}

function requirePos(item, index) {
  if (item.pos !== index) throw new DivergedError(`${item.id} is at ${item.pos}, should be at ${index}`);
}
