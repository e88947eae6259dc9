/** What lists add to the board; see board/extensions.js. */
import { addedElement, editedElements } from '../board/view/changedElements.js';
import { t } from '../lib/i18n.js';
import { composeList } from '../board/commands.js';
import { listActions, toggleCollapsed } from './actions.js';
import { listInverses } from './inverses.js';
import { archiveList, copyList, createList, editList, moveList, removeList } from './operations.js';
import { listReducers } from './reducers.js';
import { listSchema } from './schema.js';

export default function onBoard(board) {
  board.addReducers(listReducers);
  board.addOperations({ createList, moveList, editList, removeList, archiveList, copyList });
  board.addUndo(listInverses);
  board.addListActions(listActions);
  board.addKeys([
    { key: 'l', order: 220, help: () => t('lists.js.key.create'), run: (store) => composeList(store) },
    { key: '-', order: 600, forReaders: true, help: () => t('lists.js.key.collapse'), run: (store, { focusedList }) => (focusedList ? toggleCollapsed(store, focusedList) : false) },
  ]);
  board.addHistorySentences({ 'lists.copied': { icon: 'copy', text: ({ Who, Name }, { original, cardsCount }) => t('lists.js.history.copied', { Who, Name, Original: original, Count: cardsCount }) } });
  board.addChangedElements({
    build_new_list: addedElement('list'),
    update_list: editedElements('list', listSchema),
    update_list_pos: editedElements('list', listSchema),
  });
}
