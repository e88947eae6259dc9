/** How changes of cards are undone, and redone. */
import { t } from '../lib/i18n.js';
import { isTemporary } from '../board/model/boardModel.js';
import { cardsOf } from '../board/model/boardState.js';
import { textsBack } from '../board/model/schema.js';
import { editCard, putCardsBack, removeCard, setCover, sortCards } from './operations.js';

export const cardInverses = {
  moveCard: {
    inverse({ id, listId, pos }, before) {
      const card = before.cards.get(id);
      // The move of a card that was just created is part of its creation.
      return card && !isTemporary(id) && (card.listId !== listId || card.pos !== pos) ? putBack([id], before) : null;
    },
    done: (values) => t('cards.js.undo.moveCard', values),
  },
  moveCards: { inverse: ({ ids }, before) => putBack(ids, before), done: (values) => t('cards.js.undo.moveCards', values) },
  putCardsBack: { inverse: ({ positions }, before) => putBack(positions.map(({ id }) => id), before), done: (values) => t('cards.js.undo.moveCards', values) },
  copyCard: {
    inverse: ({ name }) => ({ name, count: 1, create: (undoes, { id }) => removeCard({ id: String(id) }) }),
    done: (values) => t('cards.js.undo.copyCard', values),
    idsOf: ({ temporaryId }) => [temporaryId],
  },
  sortCards: {
    inverse({ listId }, before) {
      const list = before.lists.get(listId);
      const ids = cardsOf(before, listId).map(({ id }) => id);
      return list && ids.length > 0 ? { name: list.name, count: 1, create: (undoes) => sortCards({ listId, ids, undoes }) } : null;
    },
    done: (values) => t('cards.js.undo.sortCards', values),
    idsOf: ({ ids }) => ids,
  },
  setCover: {
    inverse({ id, file }, before) {
      const card = before.cards.get(id);
      return card && card.cover !== file ? { name: card.name, count: 1, create: () => setCover({ id, file: card.cover }) } : null;
    },
    done: (values) => t('cards.js.undo.cover', values),
  },
  editCard: {
    inverse: ({ id, changes, newMembers, removedMembers }, before) => editBack(before.cards.get(id), changes, newMembers, removedMembers),
    done: ({ Name, detail }) => t({ name: 'cards.js.undo.rename', desc: 'cards.js.undo.describe' }[detail] ?? 'cards.js.undo.members', { Name }),
    doneWithSeveral: (values) => t('cards.js.membersOf.done', values),
    message: 'never',
  },
};

function putBack(ids, before) {
  const cards = ids.map((id) => before.cards.get(id)).filter(Boolean);
  const positions = cards.map(({ id, listId, pos }) => ({ id, listId, pos }));
  return cards.length > 0 ? { name: cards[0].name, count: cards.length, create: (undoes) => putCardsBack({ positions, undoes }) } : null;
}

// Texts and members as they were. Files that were removed do not come back.
function editBack(card, changes, newMembers, removedMembers) {
  if (!card) return null;
  const { changes: texts, base } = textsBack(card, changes);
  const come = removedMembers.filter((id) => card.members.includes(id));
  const go = newMembers.filter((id) => !card.members.includes(id));
  const [detail] = Object.keys(texts);
  if (detail === undefined && come.length + go.length === 0) return null;
  return {
    name: card.name, count: 1, detail,
    create: (undoes) => editCard({ id: card.id, changes: texts, base, newMembers: come, removedMembers: go, undoes }),
  };
}
