/** The operations that restore lists and cards from the trash and the archive; see board/model/operations.js. */
import * as board from '../board/model/boardState.js';
import { operation } from '../board/model/operations.js';

/**
 * Restores a list as it was known here, with its cards; `from` is "bin" or "archive", `undoes` the revision of its
 * removal.
 */
export function restoreList({ list, cards, from, undoes }) {
  return operation('restoreList', { list, cards, from, undoes }, {
    event: `restore_from_${from}`,
    needs: [list.id],
    payload: (real) => ({ kind: 'list', id: real(list.id), undoes }),
    apply: (state) => board.putListBack(state, list, cards),
  });
}

/** Restores a card to its position as it was known here, if its list is on the board; see restoreList. */
export function restoreCard({ card, from, undoes }) {
  return operation('restoreCard', { card, from, undoes }, {
    event: `restore_from_${from}`,
    needs: [card.id],
    payload: (real) => ({ kind: 'card', id: real(card.id), undoes }),
    apply: (state) => (state.cards.has(card.id) ? state : board.moveCard(board.addCard(state, card), card.id, card.listId, card.pos)),
  });
}
