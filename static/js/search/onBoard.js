/** What the search adds to the board: its key on the shortcut sheet. `<search-bar>` handles the key on every page. */
import { t } from '../lib/i18n.js';

export default function onBoard(board) {
  board.addKeys([{ key: '/', forReaders: true, shown: ['/', () => t('search.js.shortcut')], run: () => false, help: () => t('search.js.key') }]);
}
