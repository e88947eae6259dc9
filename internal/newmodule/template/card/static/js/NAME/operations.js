/** The operations on marks; see board/model/operations.js. */
import { editCardPart } from '../board/model/boardState.js';
import { operation, shownId } from '../board/model/operations.js';

/** Marks a card, or removes its mark. */
export function set⟦.Title⟧({ id, on }) {
  return operation('set⟦.Title⟧', { id, on }, {
    event: 'set_⟦.Name⟧',
    needs: [id],
    payload: (real) => ({ id: real(id), on }),
    apply: (state, model) => editCardPart(state, shownId(state.cards, id, model), '⟦.Name⟧', () => on),
  });
}
