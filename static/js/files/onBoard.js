/**
 * What files add to a board: how many a list or card may have and how large each may be, as this server is configured, and
 * the descriptions of pictures.
 */
import { patch } from '../board/model/changes.js';
import { describeFile } from './operations.js';

export default function onBoard(board) {
  board.addBoardPart('fileLimits', { read: ({ fileLimits }) => fileLimits });
  board.addOperations({ describeFile });
  board.addReducers({
    pictures_changed(state, { kind, id, pictures }) {
      const items = new Map(state[`${kind}s`]);
      patch(items, id, { pictures });
      return { ...state, [`${kind}s`]: items };
    },
  });
}
