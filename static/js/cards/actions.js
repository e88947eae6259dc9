/** The actions on cards: entries of the card's menu, of the menu of several cards, and of the selection bar. */
import { t } from '../lib/i18n.js';
import { archiveCards, deleteCards, editMembersOfCards, openCard, openMoveCards } from '../board/commands.js';
import { toggleSelected } from '../board/input/selection.js';
import { cardsOf, listsOf } from '../board/model/boardState.js';
import { isTemporary } from '../board/model/boardModel.js';
import { MAX_CARD_TITLE } from '../board/model/nameRule.js';
import { toast } from '../components/toast.js';
import { copyText } from '../lib/clipboard.js';
import { copyName } from '../lists/actions.js';
import { coverAmong } from './cover.js';
import { copyCard, moveCard, setCover } from './operations.js';

export const cardActions = [
  { name: 'open', order: 100, for: 'one', icon: 'card', keys: 'Enter', text: () => t('cards.js.menu.open'), run: (store, { ids: [id] }) => openCard(store, { id }) },
  { name: 'rename', order: 200, for: 'one', icon: 'edit', keys: 'E', text: () => t('cards.js.menu.rename'), run: (store, { ids: [id] }) => openCard(store, { id, at: 'name' }) },
  {
    name: 'moveSeveral', order: 250, for: 'several', icon: 'move', text: ({ count }) => t('cards.js.several.move', { Count: count }),
    barText: () => t('cards.js.selection.move'), run: (store, { ids }) => openMoveCards(store, { ids }),
  },
  {
    name: 'members', order: 300, icon: 'users', keys: 'M', text: () => t('cards.js.menu.members'), barText: () => t('cards.js.selection.members'),
    run: (store, { card, ids }) => (card && ids.length === 1 ? openCard(store, { id: card.id, at: 'members' }) : editMembersOfCards(store, { ids })),
  },
  {
    name: 'cover', order: 360, for: 'one', icon: 'image', text: ({ card }) => t(card.cover ? 'cards.js.menu.noCover' : 'cards.js.menu.cover'),
    isHidden: ({ card }) => !card.cover && !coverAmong(card),
    run: (store, { card }) => store.do(setCover({ id: card.id, file: card.cover ? '' : coverAmong(card) })),
  },
  {
    name: 'select', order: 400, icon: 'check', keys: 'S',
    text: ({ card, store }) => (store.selection.has(card.id) ? t('cards.js.menu.deselect') : t('cards.js.menu.select')),
    run: (store, { card }) => toggleSelected(store, card.id),
  },
  { name: 'move', order: 500, for: 'one', icon: 'move', inWindow: 'stays', barText: () => t('cards.js.selection.move'), text: () => t('cards.js.menu.move'), run: (store, { ids: [id] }) => openMoveCards(store, { id }) },
  move('up', () => t('cards.js.menu.up'), 510, 'arrowUp', ({ listId, pos }) => ({ listId, pos: pos - 1 })),
  move('down', () => t('cards.js.menu.down'), 520, 'arrowDown', ({ listId, pos }) => ({ listId, pos: pos + 1 })),
  move('top', () => t('cards.js.menu.top'), 530, 'chevronUp', ({ listId, pos }) => ({ listId, pos: Math.min(pos - 1, 0) })),
  move('bottom', () => t('cards.js.menu.bottom'), 540, 'chevronDown', ({ listId, pos }, view) => ({ listId, pos: Math.max(pos + 1, cardsOf(view, listId).length - 1) })),
  move('left', () => t('cards.js.menu.left'), 550, 'arrowLeft', (card, view) => neighbour(card, view, -1)),
  move('right', () => t('cards.js.menu.right'), 560, 'arrowRight', (card, view) => neighbour(card, view, 1)),
  { name: 'copy', order: 600, for: 'one', icon: 'copy', inWindow: 'closes', text: () => t('cards.js.menu.copy'), isDisabled: ({ card }) => isTemporary(card.id), run: (store, { card }) => copy(store, card) },
  { name: 'link', order: 610, for: 'one', icon: 'link', inWindow: 'stays', text: () => t('cards.js.menu.link'), isDisabled: ({ card }) => isTemporary(card.id), run: (store, { card }) => copyLink(card) },
  {
    name: 'archive', order: 900, icon: 'archive', keys: 'C', inWindow: 'closes', text: ({ count }) => (count > 1 ? t('cards.js.several.archive', { Count: count }) : t('cards.js.menu.archive')),
    barText: () => t('cards.js.selection.archive'), run: (store, { ids }) => archiveCards(store, { ids }),
  },
  {
    name: 'delete', order: 1000, icon: 'delete', danger: true, inWindow: 'closes', text: ({ count }) => (count > 1 ? t('cards.js.several.delete', { Count: count }) : t('cards.js.menu.delete')),
    barText: () => t('cards.js.selection.delete'), run: (store, { ids }) => deleteCards(store, { ids }),
  },
];

// A move to a position that does not exist is disabled.
function move(name, text, order, icon, targetOf) {
  return {
    name, text, order, icon, for: 'one',
    isDisabled: ({ card, store }) => !isPosition(targetOf(card, store.view), card, store.view),
    run(store, { card }) {
      const { listId, pos } = targetOf(card, store.view);
      store.do(moveCard({ id: card.id, listId, pos: Math.min(pos, cardsOf(store.view, listId).length) }));
      announceMove(store, card, listId);
    },
  };
}

function isPosition({ listId, pos }, card, view) {
  if (listId !== card.listId) return listId !== undefined;
  return pos >= 0 && pos < cardsOf(view, listId).length;
}

function neighbour({ listId, pos }, view, step) {
  const lists = listsOf(view);
  return { listId: lists[lists.findIndex(({ id }) => id === listId) + step]?.id, pos };
}

// Files stay with the original, which cannot be seen.
function copy(store, card) {
  const name = copyName(card.name, MAX_CARD_TITLE);
  store.do(copyCard({ id: card.id, name }));
  store.emit('announce', t('cards.js.copied', { Name: name }));
  const files = Object.keys(card.files).length;
  if (files > 0) toast(t('cards.js.copiedWithoutFiles', { Count: files }));
}

async function copyLink({ id }) {
  if (await copyText(`${location.origin}${location.pathname}?card=${id}`)) toast(t('cards.js.linkCopied'), { kind: 'success' });
  else toast(t('cards.js.linkNotCopied'), { kind: 'warning' });
}

/** Announces where a card is. */
export function announceMove(store, { id, name }, listId) {
  const { view } = store;
  const cards = cardsOf(view, listId);
  store.emit('announce', t('cards.js.moved', {
    Name: name, List: view.lists.get(listId)?.name ?? '', Position: cards.findIndex((card) => card.id === id) + 1, Total: cards.length,
  }));
}
