/** One card or several as one block: where it is, and how it is moved. */
import { moveCards as moved } from './boardMoves.js';
import { moveCard, moveCards } from './operations.js';

/** The operation that puts cards into a list, the first at `pos`, counted without them; null if nothing would change. */
export function blockMove(state, { ids, listId, pos }) {
  const after = moved(state, ids, listId, pos);
  const isSame = ids.every((id) => {
    const [was, is] = [state.cards.get(id), after.cards.get(id)];
    return was?.listId === is?.listId && was?.pos === is?.pos;
  });
  if (isSame) return null;
  return ids.length === 1 ? moveCard({ id: ids[0], listId, pos }) : moveCards({ ids, listId, pos });
}
