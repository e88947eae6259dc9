/** How deletions and archivings are undone, and redone. */
import { t } from '../lib/i18n.js';
import { cardsOf } from '../board/model/boardState.js';
import { archiveCard, removeCard } from '../cards/operations.js';
import { archiveList, removeList } from '../lists/operations.js';
import { restoreCard, restoreList } from './operations.js';

export const trashInverses = {
  removeCard: {
    inverse: ({ id }, before) => restoredCard(id, before, 'bin'),
    done: (values) => t('trash.js.undo.removeCard', values), doneWithSeveral: (values) => t('trash.js.undo.removeCards', values), message: 'always',
  },
  archiveCard: {
    inverse: ({ id }, before) => restoredCard(id, before, 'archive'),
    done: (values) => t('trash.js.undo.archiveCard', values), doneWithSeveral: (values) => t('trash.js.undo.archiveCards', values), message: 'always',
  },
  removeList: { inverse: ({ id }, before) => restoredList(id, before, 'bin'), done: (values) => t('trash.js.undo.removeList', values), message: 'always' },
  archiveList: { inverse: ({ id }, before) => restoredList(id, before, 'archive'), done: (values) => t('trash.js.undo.archiveList', values), message: 'always' },
  restoreCard: {
    inverse: ({ card: { id, name }, from }) => ({ name, count: 1, create: () => (from === 'bin' ? removeCard({ id }) : archiveCard({ id })) }),
    done: (values) => t('trash.js.undo.removeCard', values),
  },
  restoreList: {
    inverse: ({ list: { id, name }, from }) => ({ name, count: 1, create: () => (from === 'bin' ? removeList({ id }) : archiveList({ id })) }),
    done: (values) => t('trash.js.undo.removeList', values),
  },
};

function restoredCard(id, before, from) {
  const card = before.cards.get(id);
  return card ? { name: card.name, count: 1, create: (undoes) => restoreCard({ card, from, undoes }) } : null;
}

function restoredList(id, before, from) {
  const list = before.lists.get(id);
  const cards = cardsOf(before, id);
  return list ? { name: list.name, count: 1, create: (undoes) => restoreList({ list, cards, from, undoes }) } : null;
}
