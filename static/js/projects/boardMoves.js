/**
 * The changes a person makes here, as reducers over the state of boardState.js. They are laid over the confirmed
 * state until the server answers, so they never fail: what names something that is gone by now changes nothing.
 */
import { cardsOf, listsOf } from './boardState.js';

/** Puts a list at `pos` (clamped), all others close up. */
export function moveList(state, id, pos) {
  const list = state.lists.get(id);
  if (!list) return state;
  const order = listsOf(state).filter((other) => other !== list);
  order.splice(clamp(pos, order.length), 0, list);
  return { ...state, lists: numbered(state.lists, order) };
}

/** Puts a card into a list at `pos`, the index it shall have there (clamped). */
export function moveCard(state, id, listId, pos) {
  return moveCards(state, [id], listId, pos);
}

/** Puts cards as one block into a list, in their order on the board; the first gets the index `pos` (clamped). */
export function moveCards(state, ids, listId, pos) {
  if (!state.lists.has(listId)) return state;
  const chosen = new Set(ids);
  const moved = [...state.cards.values()].filter((card) => chosen.has(card.id)).sort((a, b) => compareOnBoard(state, a, b));
  if (moved.length === 0) return state;
  const rest = cardsOf(state, listId).filter((card) => !chosen.has(card.id));
  rest.splice(clamp(pos, rest.length), 0, ...moved.map((card) => ({ ...card, listId })));
  let cards = numbered(state.cards, rest);
  for (const source of new Set(moved.map((card) => card.listId))) {
    if (source !== listId) cards = numbered(cards, cardsOf(state, source).filter((card) => !chosen.has(card.id)));
  }
  return { ...state, cards };
}

/** Adds a list at `pos` (clamped). */
export function addList(state, list, pos) {
  const order = listsOf(state).slice();
  order.splice(clamp(pos, order.length), 0, list);
  return { ...state, lists: numbered(state.lists, order) };
}

/** Adds a card at the end of its list. */
export function addCard(state, card) {
  if (!state.lists.has(card.listId)) return state;
  const pos = cardsOf(state, card.listId).length;
  return { ...state, cards: new Map(state.cards).set(card.id, { ...card, pos }) };
}

/** Changes fields of a list. */
export function editList(state, id, changes) {
  return { ...state, lists: edited(state.lists, id, changes) };
}

/** Changes fields of a card. */
export function editCard(state, id, changes) {
  return { ...state, cards: edited(state.cards, id, changes) };
}

/** Takes a list and its cards away. */
export function removeList(state, id) {
  const lists = new Map(state.lists);
  lists.delete(id);
  const cards = new Map([...state.cards].filter(([, card]) => card.listId !== id));
  return { ...state, cards, lists: numbered(lists, listsOf(state).filter((list) => list.id !== id)) };
}

/** Takes a card away. */
export function removeCard(state, id) {
  const card = state.cards.get(id);
  if (!card) return state;
  const cards = new Map(state.cards);
  cards.delete(id);
  return { ...state, cards: numbered(cards, cardsOf(state, card.listId).filter((other) => other !== card)) };
}

/** Puts cards back to spots they had at one moment, as far as their lists are there; all others close up around them. */
export function putBack(state, spots) {
  const known = spots.filter(({ id, listId }) => state.cards.has(id) && state.lists.has(listId));
  const taken = new Set(known.map(({ id }) => id));
  const orders = new Map();
  for (const listId of new Set(known.flatMap(({ id, listId }) => [listId, state.cards.get(id).listId]))) {
    orders.set(listId, cardsOf(state, listId).filter((card) => !taken.has(card.id)));
  }
  for (const { id, listId, pos } of [...known].sort((a, b) => a.pos - b.pos)) {
    const order = orders.get(listId);
    order.splice(clamp(pos, order.length), 0, { ...state.cards.get(id), listId });
  }
  return { ...state, cards: [...orders.values()].reduce(numbered, state.cards) };
}

/** Puts a list that was here back to its place, and what is still missing of its cards behind those that are there. */
export function putListBack(state, list, cards) {
  const withList = state.lists.has(list.id) ? moveList(state, list.id, list.pos) : addList(state, list, list.pos);
  return cards.filter((card) => !withList.cards.has(card.id)).reduce(addCard, withList);
}

/** The server's order for a block: old position, then the list's position, then id (contract, move_cards). */
export function compareOnBoard(state, a, b) {
  const lists = state.lists;
  return a.pos - b.pos || (lists.get(a.listId)?.pos ?? 0) - (lists.get(b.listId)?.pos ?? 0) || Number(a.id) - Number(b.id);
}

function edited(map, id, changes) {
  const item = map.get(id);
  return item ? new Map(map).set(id, { ...item, ...changes }) : map;
}

function numbered(map, order) {
  const copy = new Map(map);
  order.forEach((item, pos) => copy.set(item.id, item.pos === pos && map.get(item.id) === item ? item : { ...item, pos }));
  return copy;
}

function clamp(pos, max) {
  return Math.max(0, Math.min(Math.trunc(pos) || 0, max));
}
