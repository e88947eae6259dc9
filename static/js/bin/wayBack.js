/** How what a person just did is taken back. Only moves, deletions and archivings are. */
import { isTemporary } from '../projects/boardModel.js';
import { cardsOf } from '../projects/boardState.js';
import { moveList, putCardsBack, restoreCard, restoreList } from '../projects/operations.js';

/**
 * @param {{recipe: string, args: object}} operation one of operations.js
 * @param {import('../projects/boardState.js').BoardState} before the board before it
 * @returns {{name: string, count: number, make: (undoes: number) => object} | null} what it is about, and the operation
 *   that takes it back, given the revision it was answered with; null if it cannot be taken back or changed nothing
 */
export function wayBack({ recipe, args }, before) {
  return ways[recipe]?.(args, before) ?? null;
}

const ways = {
  removeCard: ({ id }, before) => cardBack(id, before, 'bin'),
  archiveCard: ({ id }, before) => cardBack(id, before, 'archive'),
  removeList: ({ id }, before) => listBack(id, before, 'bin'),
  archiveList: ({ id }, before) => listBack(id, before, 'archive'),
  moveCard: ({ id, listId, pos }, before) => {
    const card = before.cards.get(id);
    // One that was just made is moved to its place as a part of making it.
    return card && !isTemporary(id) && (card.listId !== listId || card.pos !== pos) ? spotsBack([id], before) : null;
  },
  moveCards: ({ ids }, before) => spotsBack(ids, before),
  moveList({ id, pos }, before) {
    const list = before.lists.get(id);
    // One that was just made is moved to the end as a part of making it.
    if (!list || isTemporary(id) || list.pos === Math.min(pos, before.lists.size - 1)) return null;
    return { name: list.name, count: 1, make: (undoes) => moveList({ id, pos: list.pos, undoes }) };
  },
};

function cardBack(id, before, from) {
  const card = before.cards.get(id);
  return card ? { name: card.name, count: 1, make: (undoes) => restoreCard({ card, from, undoes }) } : null;
}

function listBack(id, before, from) {
  const list = before.lists.get(id);
  const cards = cardsOf(before, id);
  return list ? { name: list.name, count: 1, make: (undoes) => restoreList({ list, cards, from, undoes }) } : null;
}

function spotsBack(ids, before) {
  const cards = ids.map((id) => before.cards.get(id)).filter(Boolean);
  const spots = cards.map(({ id, listId, pos }) => ({ id, listId, pos }));
  return cards.length > 0 ? { name: cards[0].name, count: cards.length, make: (undoes) => putCardsBack({ spots, undoes }) } : null;
}
