/** What the search adds to the board: its key on the shortcut sheet. `<search-bar>` handles the key on every page. */
import { t } from '../lib/i18n.js';

export default function onBoard(board) {
  board.addKeyHelp([{ shown: ['/', () => t('search.js.shortcut')], forReaders: true, help: () => t('search.js.key') }]);
}
