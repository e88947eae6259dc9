/**
 * A board as immutable data, and the moves and edits that are laid over it until the server answers. Lists and cards are
 * kept in Maps by id; ids are strings, because the contract sends them as numbers or as strings. Nothing here changes its
 * arguments, so a card has changed if and only if its reference has. What refers to an unknown id changes nothing.
 *
 * @typedef {import('../../lists/schema.js').List} List
 * @typedef {import('../../cards/schema.js').Card} Card
 * @typedef {{id: string, name: string, picUrl: string, goToUrl: string, role: string}} Member
 * @typedef {{id: string, name: string, ownerName: string, desc: string, visibility: string, colour: string, adminsInvite: boolean}} Project
 * @typedef {{project: Project, members: Map<string, Member>, lists: Map<string, List>, cards: Map<string, Card>,
 *   parts: Record<string, unknown>, deleted: boolean}} BoardState `parts` is what modules add (board/extensions.js)
 */

/** Lists in order. */
export function listsOf(state) {
  return arranged(state).lists;
}

/** Cards of one list in order. */
export function cardsOf(state, listId) {
  return arranged(state).cards.get(String(listId)) ?? [];
}

// A state never changes, so its order is computed once; otherwise every list would walk all cards.
const arrangements = new WeakMap();

function arranged(state) {
  let found = arrangements.get(state);
  if (!found) {
    const cards = new Map();
    for (const card of state.cards.values()) {
      if (!cards.has(card.listId)) cards.set(card.listId, []);
      cards.get(card.listId).push(card);
    }
    for (const column of cards.values()) column.sort(byPos);
    found = { lists: [...state.lists.values()].sort(byPos), cards };
    arrangements.set(state, found);
  }
  return found;
}

function byPos(a, b) {
  return a.pos - b.pos || Number(a.id) - Number(b.id);
}

/** Moves a list to index `pos` (clamped). */
export function moveList(state, id, pos) {
  const list = state.lists.get(id);
  if (!list) return state;
  const order = listsOf(state).filter((other) => other !== list);
  order.splice(clamp(pos, order.length), 0, list);
  return { ...state, lists: numbered(state.lists, order) };
}

/** Moves a card to index `pos` (clamped) of a list. */
export function moveCard(state, id, listId, pos) {
  return moveCards(state, [id], listId, pos);
}

/** Moves cards as one block to a list, in their order on the board; the first gets index `pos` (clamped). */
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

/** Puts the cards of a list into the order of `ids`; cards that it does not name follow as they are. */
export function sortCards(state, listId, ids) {
  const rank = new Map(ids.map((id, index) => [id, index]));
  const order = cardsOf(state, listId).toSorted((a, b) => (rank.get(a.id) ?? Infinity) - (rank.get(b.id) ?? Infinity) || a.pos - b.pos);
  return { ...state, cards: numbered(state.cards, order) };
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

/** Changes a module's data on a card by `change(value)`; for operations. */
export function editCardPart(state, id, name, change) {
  const card = state.cards.get(id);
  return card ? editCard(state, id, { parts: { ...card.parts, [name]: change(card.parts[name]) } }) : state;
}

/** The state with another value of a module's data on the board. */
export function withBoardPart(state, name, value) {
  return { ...state, parts: { ...state.parts, [name]: value } };
}

/** Removes a list and its cards. */
export function removeList(state, id) {
  const lists = new Map(state.lists);
  lists.delete(id);
  const cards = new Map([...state.cards].filter(([, card]) => card.listId !== id));
  return { ...state, cards, lists: numbered(lists, listsOf(state).filter((list) => list.id !== id)) };
}

/** Removes a card. */
export function removeCard(state, id) {
  const card = state.cards.get(id);
  if (!card) return state;
  const cards = new Map(state.cards);
  cards.delete(id);
  return { ...state, cards: numbered(cards, cardsOf(state, card.listId).filter((other) => other !== card)) };
}

/** Moves cards to their positions in an earlier state, as far as their lists are on the board. */
export function putBack(state, positions) {
  const known = positions.filter(({ id, listId }) => state.cards.has(id) && state.lists.has(listId));
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

/** Puts a list back to its position, with those of its cards that are missing after those that are there. */
export function putListBack(state, list, cards) {
  const withList = state.lists.has(list.id) ? moveList(state, list.id, list.pos) : addList(state, list, list.pos);
  return cards.filter((card) => !withList.cards.has(card.id)).reduce(addCard, withList);
}

/** Compares cards in the order of a block on the server: position, then the list's position, then id (contract, move_cards). */
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

/**
 * The index that cards dropped between two others get in a list, counted without themselves. The neighbours are the ones
 * that were shown: hidden cards may lie between them, and others may have been added or removed since.
 */
export function cardPosition(state, { ids, listId, before, after }) {
  return position(cardsOf(state, listId).filter((card) => !ids.includes(card.id)), before, after);
}

/** The index that a list dropped between two others gets, counted without itself. */
export function listPosition(state, { id, before, after }) {
  return position(listsOf(state).filter((list) => list.id !== id), before, after);
}

// `before` precedes it, `after` follows it.
function position(others, before, after) {
  const behind = others.findIndex((item) => item.id === before);
  if (behind >= 0) return behind + 1;
  const ahead = others.findIndex((item) => item.id === after);
  if (ahead >= 0) return ahead;
  return before === undefined ? 0 : others.length;
}
