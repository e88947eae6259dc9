/** The shortcuts of the board itself; see extensions.js. */
import { clearFilter, openFilter, openShortcuts } from './commands.js';
import { focusOn } from './input/focus.js';
import { listsOf } from './model/boardState.js';

export default function onBoard(board) {
  const forReaders = true;
  board.addKeys([
    { key: '?', forReaders, run: (store) => openShortcuts(store) },
    { key: 'f', forReaders, run: (store) => openFilter(store) },
    { key: 'x', forReaders, run: (store) => clearFilter(store) },
    { key: 'ArrowDown', forReaders, run: enter },
    { key: 'ArrowRight', forReaders, run: enter },
  ]);
}

// Without a focus the arrows lead to the board.
function enter({ view }) {
  const [first] = listsOf(view);
  if (!first || document.activeElement !== document.body) return false;
  const list = document.getElementById(`l-${first.id}`);
  focusOn(list.querySelector('[data-card-id]:not([hidden])') ?? list);
  return true;
}
