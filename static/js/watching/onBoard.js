/** What watching adds to the board: what the viewer watches, and entries of the menus of cards and lists. */
import { isTemporary } from '../board/model/boardModel.js';
import { t } from '../lib/i18n.js';
import { canWatch, isWatched, toggleWatch, toWatched } from './watched.js';

export default function onBoard(board) {
  board.addStates(['watched']); // after a change on this page
  board.addBoardPart('watched', { read: ({ watched = null }) => watched && toWatched(watched) });
  board.addCardActions([{ ...entry('card'), order: 850, for: 'one' }]);
  board.addListActions([{ ...entry('list'), order: 850, forReaders: true }]);
}

function entry(kind) {
  return {
    name: 'watch', icon: 'eye',
    text: ({ store, [kind]: { id } }) => t(isWatched(store, kind, id) ? 'watching.js.unwatch' : 'watching.js.watch'),
    isDisabled: ({ store, [kind]: { id } }) => !canWatch(store) || isTemporary(id),
    run: (store, { [kind]: item }) => toggleWatch(store, kind, item),
  };
}
