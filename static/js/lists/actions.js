/** The entries of a list's menu; other modules add theirs by `addListActions` of board/extensions.js. */
import { lengthOf } from '../lib/text.js';
import { t } from '../lib/i18n.js';
import { composeCard, openBulkMove, openList, openMoveList } from '../board/commands.js';
import { MAX_LIST_NAME } from '../board/model/nameRule.js';
import { isTemporary } from '../board/model/boardModel.js';
import { cardsOf } from '../board/model/boardState.js';
import { archiveList, copyList, moveList, removeList } from './operations.js';

export const listActions = [
  { name: 'addCard', order: 100, icon: 'plus', keys: 'N', text: () => t('lists.js.menu.addCard'), run: (store, { list }) => composeCard(store, { listId: list.id }) },
  { name: 'open', order: 200, icon: 'list', forReaders: true, text: () => t('lists.js.menu.open'), run: (store, { list }) => openList(store, { id: list.id }) },
  { name: 'rename', order: 300, icon: 'edit', text: () => t('lists.js.menu.rename'), run: (store, { element }) => element.querySelector('lists-header').rename() },
  {
    name: 'collapse', order: 400, icon: 'minus', keys: '-', forReaders: true,
    text: ({ list, store }) => t(store.collapsed.has(list.id) ? 'lists.js.menu.expand' : 'lists.js.menu.collapse'), run: (store, { list }) => toggleCollapsed(store, list.id),
  },
  move('left', () => t('lists.js.menu.left'), 510, 'arrowLeft', ({ pos }) => pos - 1),
  move('right', () => t('lists.js.menu.right'), 520, 'arrowRight', ({ pos }) => pos + 1),
  move('first', () => t('lists.js.menu.first'), 530, 'chevronLeft', ({ pos }) => Math.min(pos - 1, 0)),
  move('last', () => t('lists.js.menu.last'), 540, 'chevronRight', ({ pos }, last) => Math.max(pos + 1, last)),
  {
    name: 'moveTo', order: 550, icon: 'move', text: () => t('lists.js.menu.moveTo'), isDisabled: ({ store }) => store.view.lists.size < 2,
    run: (store, { list }) => openMoveList(store, { id: list.id }),
  },
  {
    name: 'moveCards', order: 600, icon: 'card', text: () => t('lists.js.menu.moveCards'),
    isDisabled: ({ list, store }) => store.view.lists.size < 2 || cardsOf(store.view, list.id).length === 0, run: (store, { list }) => openBulkMove(store, { listId: list.id }),
  },
  { name: 'copy', order: 700, icon: 'copy', text: () => t('lists.js.menu.copy'), isDisabled: ({ list }) => isTemporary(list.id), run: copy },
  { name: 'archive', order: 900, icon: 'archive', text: () => t('lists.js.menu.archive'), run: (store, { list }) => store.do(archiveList({ id: list.id })) },
  { name: 'delete', order: 1000, icon: 'delete', danger: true, text: () => t('lists.js.menu.delete'), run: (store, { list }) => store.do(removeList({ id: list.id })) },
];

// A move to a position that does not exist is disabled.
function move(name, text, order, icon, posOf) {
  const target = (list, store) => posOf(list, store.view.lists.size - 1);
  return {
    name, text, order, icon,
    isDisabled: ({ list, store }) => target(list, store) < 0 || target(list, store) >= store.view.lists.size,
    run(store, { list }) {
      store.do(moveList({ id: list.id, pos: target(list, store) }));
      announceListMove(store, list.id, list.name);
    },
  };
}

/** The name of a copy; that of the original if it would be too long. */
export function copyName(name, most = MAX_LIST_NAME) {
  const copied = t('lists.js.copyName', { Name: name });
  return lengthOf(copied) > most ? name : copied;
}

function copy(store, { list }) {
  const name = copyName(list.name);
  store.do(copyList({ id: list.id, name }));
  store.emit('announce', t('lists.js.copied', { Name: name }));
}

/** Collapses a list for this person, or expands it. The focus stays on the list. */
export function toggleCollapsed(store, id) {
  const element = document.getElementById(`l-${id}`);
  if (!element) return;
  store.collapsed.toggle(id);
  element.querySelector('[data-main]').focus({ preventScroll: true });
  store.emit('announce', t(store.collapsed.has(id) ? 'lists.js.collapsed' : 'lists.js.expanded', { Name: store.view.lists.get(id)?.name ?? '' }));
}

/** Announces the position of a list. */
export function announceListMove(store, id, name) {
  store.emit('announce', t('lists.js.moved', { Name: name, Position: (store.view.lists.get(id)?.pos ?? 0) + 1, Total: store.view.lists.size }));
}
