/** What ⟦.Name⟧ adds to the board; see board/extensions.js. */
import { patchCardPart } from '../board/model/changes.js';
import { t } from '../lib/i18n.js';
import { set⟦.Title⟧ } from './operations.js';

const isOn = (state, id) => state.cards.get(String(id))?.parts.⟦.Name⟧ === true;

export default function onBoard(board) {
  board.addCardPart('⟦.Name⟧', {
    read: (on = false) => on,
    fill: (card, on) => { card.querySelector('[data-part="⟦.Name⟧"]').hidden = !on; },
  });
  board.addReducers({ card_⟦.Name⟧_set: (state, { id, on }) => patchCardPart(state, id, '⟦.Name⟧', () => on) });
  board.addOperations({ set⟦.Title⟧ });
  board.addChangedElements({
    card_⟦.Name⟧_set: ({ id }, previous, view) => (isOn(previous, id) === isOn(view, id) ? [] : [`c-${id}`]),
  });
  board.addUndo({
    set⟦.Title⟧: {
      inverse: ({ id, on }, before) => (isOn(before, id) === on ? null
        : { name: before.cards.get(String(id)).name, count: 1, create: () => set⟦.Title⟧({ id, on: !on }) }),
      done: ({ Name }) => t('⟦.Name⟧.js.done', { Name }),
    },
  });
  board.addHistorySentences({
    '⟦.Name⟧.set': { text: (values) => t('⟦.Name⟧.js.history.set', values), icon: 'star' },
    '⟦.Name⟧.removed': { text: (values) => t('⟦.Name⟧.js.history.removed', values), icon: 'star' },
  });
  board.addCardActions([{
    name: '⟦.Name⟧', order: 700, icon: 'star', for: 'one',
    text: ({ card }) => t(card?.parts.⟦.Name⟧ ? '⟦.Name⟧.js.menu.remove' : '⟦.Name⟧.js.menu.set'),
    run: (store, { card }) => store.do(set⟦.Title⟧({ id: card.id, on: !card.parts.⟦.Name⟧ })),
  }]);
  board.addFacet({
    name: '⟦.Name⟧', label: () => t('⟦.Name⟧.js.facet'),
    choices: () => [{ value: 'on', text: t('⟦.Name⟧.js.facet.on') }],
    isValue: (value) => value === 'on',
    valuesOf: (card) => (card.parts.⟦.Name⟧ ? ['on'] : []),
  });
}
