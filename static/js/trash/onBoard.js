/** What the trash adds to the board: undo of deletions and archivings; its dialogs load again after `bin_changed`. */
import { unchanged } from '../board/extensions.js';
import { trashInverses } from './inverses.js';
import { restoreCard, restoreList } from './operations.js';

export default function onBoard(board) {
  board.addReducers({ bin_changed: unchanged });
  board.addOperations({ restoreCard, restoreList });
  board.addUndo(trashInverses);
}
