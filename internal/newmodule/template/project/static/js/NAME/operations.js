/** The operation on the text of ⟦.Name⟧; see board/model/operations.js. */
import { withBoardPart } from '../board/model/boardState.js';
import { operation } from '../board/model/operations.js';
import { cleanBlock } from '../lib/text.js';

/** Replaces the text of the project. */
export function write⟦.Title⟧({ text: typed }) {
  const text = cleanBlock(typed);
  return operation('write⟦.Title⟧', { text }, {
    event: 'write_⟦.Name⟧',
    needs: [],
    payload: () => ({ text }),
    apply: (state) => withBoardPart(state, '⟦.Name⟧', text),
  });
}
