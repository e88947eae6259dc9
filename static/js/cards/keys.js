/** The shortcuts for cards, with their lines on the shortcut sheet. */
import { archiveCards, composeCard, composeList, editMembersOfCards, openCard, shiftCards } from '../board/commands.js';
import { toggleSelected } from '../board/input/selection.js';
import { listsOf } from '../board/model/boardState.js';
import { t } from '../lib/i18n.js';

const rename = (store, { focusedCard }) => (focusedCard ? openCard(store, { id: focusedCard, at: 'name' }) : false);
const shift = (step, toTop) => (store, { ids }) => shiftCards(store, { ids, step, toTop });

export const cardKeys = [
  { key: 'n', order: 210, help: () => t('cards.js.key.create'), run: compose },
  { key: 'e', on: 'card', order: 230, shown: ['E', 'T'], help: () => t('cards.js.key.rename'), run: rename },
  { key: 't', on: 'card', run: rename },
  {
    key: 'm', on: 'card', order: 250, help: () => t('cards.js.key.members'),
    run: (store, { card, ids }) => (ids.length > 1 ? editMembersOfCards(store, { ids }) : openCard(store, { id: card, at: 'members' })),
  },
  { key: 'c', on: 'card', order: 260, help: () => t('cards.js.key.archive'), run: (store, { ids }) => archiveCards(store, { ids }) },
  { key: ',', on: 'card', order: 270, shown: [',', '.'], help: () => t('cards.js.key.shift'), run: shift(-1, false) },
  { key: '.', on: 'card', run: shift(1, false) },
  { key: '<', on: 'card', order: 280, shown: ['<', '>'], help: () => t('cards.js.key.shiftToTop'), run: shift(-1, true) },
  { key: '>', on: 'card', run: shift(1, true) },
  { key: 's', on: 'card', order: 290, help: () => t('cards.js.key.select'), run: (store, { focusedCard }) => (focusedCard ? toggleSelected(store, focusedCard) : false) },
];

// Below the card, else at the end of the focused list, else of the first one.
function compose(store, { card, focusedCard, focusedList }) {
  const { view } = store;
  const after = focusedList === undefined ? card : focusedCard;
  const listId = focusedList ?? view.cards.get(after)?.listId ?? listsOf(view)[0]?.id;
  if (listId === undefined) composeList(store);
  else composeCard(store, { listId, after });
}
