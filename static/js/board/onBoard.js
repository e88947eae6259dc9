/** The shortcuts of the board itself, and what the sheet says about keys that its elements handle; see extensions.js. */
import { t } from '../lib/i18n.js';
import { clearFilter, openFilter, openShortcuts } from './commands.js';
import { focusOn } from './input/focus.js';
import { listsOf } from './model/boardState.js';

export default function onBoard(board) {
  const forReaders = true;
  board.addKeys([
    { key: 'f', order: 900, forReaders, help: () => t('projects.js.key.f'), run: (store) => openFilter(store) },
    { key: 'x', order: 920, forReaders, help: () => t('projects.js.key.x'), run: (store) => clearFilter(store) },
    { key: '?', order: 940, forReaders, help: () => t('projects.js.key.help'), run: (store) => openShortcuts(store) },
    { key: 'ArrowDown', forReaders, run: enter },
    { key: 'ArrowRight', forReaders, run: enter },
  ]);
  const ctrl = () => t('projects.js.key.ctrlKey');
  const shift = () => t('projects.js.key.shiftKey');
  board.addKeyHelp([
    { shown: ['↑', '↓', '←', '→'], order: 100, forReaders, help: () => t('projects.js.key.arrows') },
    { shown: [() => t('projects.js.key.homeKey'), () => t('projects.js.key.endKey')], order: 110, forReaders, help: () => t('projects.js.key.ends') },
    { shown: [() => t('projects.js.key.pageUpKey'), () => t('projects.js.key.pageDownKey')], order: 120, forReaders, help: () => t('projects.js.key.pages') },
    { shown: 'Enter', order: 130, forReaders, help: () => t('projects.js.key.enter') },
    { shown: () => t('projects.js.key.spaceKey'), order: 200, help: () => t('projects.js.key.space') },
    { shown: [shift, 'F10'], order: 240, help: () => t('projects.js.key.menu') },
    { shown: [shift, '↑', '↓'], order: 300, help: () => t('projects.js.key.range') },
    { shown: [ctrl, () => t('projects.js.key.click')], order: 310, help: () => t('projects.js.key.clicks') },
    { shown: () => t('projects.js.key.undoKey'), order: 320, help: () => t('projects.js.key.undo') },
    { shown: () => t('projects.js.key.redoKey'), order: 330, help: () => t('projects.js.key.redo') },
    { shown: 'Esc', order: 950, forReaders, help: () => t('projects.js.key.esc') },
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
