/** What cards add to the board; see board/extensions.js. */
import { addedElement, editedElements } from '../board/view/changedElements.js';
import { avatar } from '../components/avatar.js';
import { t } from '../lib/i18n.js';
import { cardActions } from './actions.js';
import { cardInverses } from './inverses.js';
import { cardKeys } from './keys.js';
import { archiveCard, copyCard, createCard, editCard, moveCard, moveCards, putCardsBack, removeCard, setCover, sortCards } from './operations.js';
import { cardReducers } from './reducers.js';
import { cardSchema } from './schema.js';
import { sortActions } from './sort.js';

const movedCards = editedElements('card', cardSchema, ({ cards }) => cards.map(({ id }) => id));

export default function onBoard(board) {
  board.addReducers(cardReducers);
  board.addOperations({ createCard, moveCard, moveCards, editCard, removeCard, putCardsBack, archiveCard, copyCard, sortCards, setCover });
  board.addUndo(cardInverses);
  board.addCardActions(cardActions);
  board.addListActions(sortActions);
  board.addKeys(cardKeys);
  board.addHistorySentences({
    'cards.copied': { icon: 'copy', text: ({ Who, Name, List }, { original }) => t('cards.js.history.copied', { Who, Name, List, Original: original }) },
    'cards.cover': { icon: 'image', text: ({ Who, Name }, { file }) => t(file ? 'cards.js.history.cover' : 'cards.js.history.noCover', { Who, Name }) },
    'cards.sorted': { icon: 'list', text: ({ Who, Name }) => t('cards.js.history.sorted', { Who, Name }) },
  });
  board.addFacet({
    name: 'members', order: 100, label: () => t('cards.js.filter.members'),
    choices: ({ members }) => [...members.values()].sort((a, b) => a.name.localeCompare(b.name))
      .map((member) => ({ value: member.id, text: member.name, picture: avatar(member, { named: false }) })),
    valuesOf: ({ members }) => members,
  });
  board.addChangedElements({
    build_new_card: addedElement('card'),
    update_card: editedElements('card', cardSchema),
    card_cover_changed: editedElements('card', cardSchema),
    update_cards_pos: (event, previous, view) => (event.sorted ? [`l-${event.sorted}`] : movedCards(event, previous, view)),
  });
}
