/** The shortcuts for cards; the shortcut sheet's lines of these are in templates/projects/_shortcuts.html. */
import { archiveCards, composeCard, composeList, editMembersOfCards, openCard, shiftCards } from '../board/commands.js';
import { toggleSelected } from '../board/input/selection.js';
import { listsOf } from '../board/model/boardState.js';

const rename = (store, { focusedCard }) => (focusedCard ? openCard(store, { id: focusedCard, at: 'name' }) : false);
const shift = (step, toTop) => (store, { ids }) => shiftCards(store, { ids, step, toTop });

export const cardKeys = [
  { key: 'n', run: compose },
  { key: 'e', on: 'card', run: rename },
  { key: 't', on: 'card', run: rename },
  { key: 'm', on: 'card', run: (store, { card, ids }) => (ids.length > 1 ? editMembersOfCards(store, { ids }) : openCard(store, { id: card, at: 'members' })) },
  { key: 's', on: 'card', run: (store, { focusedCard }) => (focusedCard ? toggleSelected(store, focusedCard) : false) },
  { key: 'c', on: 'card', run: (store, { ids }) => archiveCards(store, { ids }) },
  { key: ',', on: 'card', run: shift(-1, false) },
  { key: '.', on: 'card', run: shift(1, false) },
  { key: '<', on: 'card', run: shift(-1, true) },
  { key: '>', on: 'card', run: shift(1, true) },
];

// Below the card, else at the end of the focused list, else of the first one.
function compose(store, { card, focusedCard, focusedList }) {
  const { view } = store;
  const after = focusedList === undefined ? card : focusedCard;
  const listId = focusedList ?? view.cards.get(after)?.listId ?? listsOf(view)[0]?.id;
  if (listId === undefined) composeList(store);
  else composeCard(store, { listId, after });
}
