/** The operations on files; see board/model/operations.js. */
import { editCard, editList } from '../board/model/boardState.js';
import { operation, shownId } from '../board/model/operations.js';
import { cleanLine } from '../lib/text.js';

/** Says what a picture among the files of a list or card shows. */
export function describeFile({ kind, id, name, text: typed }) {
  const text = cleanLine(typed);
  return operation('describeFile', { kind, id, name, text }, {
    event: 'describe_file',
    needs: [id],
    payload: (real) => ({ kind, id: real(id), name, text }),
    apply(state, model) {
      const items = state[`${kind}s`];
      const item = items.get(shownId(items, id, model));
      const change = kind === 'card' ? editCard : editList;
      return item ? change(state, item.id, { pictures: { ...item.pictures, [name]: { ...item.pictures[name], text } } }) : state;
    },
  });
}
