/** What labels add to the board; see board/extensions.js. */
import { known } from '../board/model/changes.js';
import { withBoardPart } from '../board/model/boardState.js';
import { t } from '../lib/i18n.js';
import { chip, colourName, fillChips, labelName } from './chips.js';
import { pickLabels } from './commands.js';
import { cardsWith, labelAtEnd, labelsOf, onCards, toLabel, withLabel } from './model.js';
import { createLabel, deleteLabel, editLabel, moveLabel, restoreLabel, setLabelOnCards, withoutLabel } from './operations.js';

export default function onBoard(board) {
  board.addBoardPart('labels', { read: ({ labels = [] }) => labels.map(toLabel) });
  board.addCardPart('labels', {
    read: (ids = []) => ids.map(String),
    equal: (a, b) => String(a) === String(b),
    fill: (card, ids, view) => fillChips(card.querySelector('[data-part="labels"]'), ids, labelsOf(view)),
  });
  board.addReducers(reducers);
  board.addOperations({ createLabel, editLabel, moveLabel, deleteLabel, restoreLabel, setLabelOnCards });
  board.addUndo(undo);
  board.addChangedElements({ card_labels_changed: changedCards });
  board.addFacet({
    name: 'labels', order: 200, hasAny: true, label: () => t('labels.js.facet'),
    choices: (view) => labelsOf(view).map((label) => ({ value: label.id, text: labelName(label), picture: chip({ ...label, name: '' }) })),
    valuesOf: ({ parts }) => parts.labels,
  });
  board.addCardActions([{
    name: 'labels', order: 350, icon: 'label', keys: 'L', text: () => t('labels.js.menu'), barText: () => t('labels.js.bar'),
    run: (store, { ids }) => pickLabels(store, { ids }),
  }]);
  board.addKeys([{ key: 'l', on: 'card', order: 350, help: () => t('labels.js.key'), run: (store, { ids }) => pickLabels(store, { ids }) }]);
  board.addComposerToken('labels', readTyped);
  board.addHistorySentences({
    'labels.created': { icon: 'label', text: (values, entry) => t('labels.js.history.created', named(values, entry)) },
    'labels.edited': {
      icon: 'label', text: ({ OldName, ...values }, entry) => t('labels.js.history.edited', { ...named(values, entry), OldName: OldName || colourName(entry.colour) }),
    },
    'labels.deleted': { icon: 'label', text: (values, entry) => t('labels.js.history.deleted', named(values, entry)) },
    'labels.restored': { icon: 'label', text: (values, entry) => t('labels.js.history.restored', named(values, entry)) },
    'labels.put': { icon: 'label', text: (values, { label, colour }) => t('labels.js.history.put', { ...values, Label: label || colourName(colour) }) },
    'labels.taken': { icon: 'label', text: (values, { label, colour }) => t('labels.js.history.taken', { ...values, Label: label || colourName(colour) }) },
  });
}

// A label without a name is called by its colour.
function named({ Name, ...values }, { colour }) {
  return { ...values, Name: Name || colourName(colour) };
}

const reducers = {
  label_created: (state, label) => withBoardPart(state, 'labels', withLabel(labelsOf(state), toLabel(label))),
  label_updated: (state, label) => withBoardPart(state, 'labels', withLabel(labelsOf(state), toLabel(label))),
  labels_ordered: (state, { ids }) => {
    const byId = new Map(labelsOf(state).map((label) => [label.id, label]));
    return withBoardPart(state, 'labels', ids.map((id) => known(byId, id)));
  },
  label_deleted: (state, { id }) => withoutLabel(state, String(id)),
  label_restored: (state, { pos, cardIds, ...label }) =>
    onCards(withBoardPart(state, 'labels', withLabel(labelsOf(state), toLabel(label), pos)), String(label.id), (cardIds ?? []).map(String), true),
  card_labels_changed: (state, { labelId, cardIds, on }) => onCards(state, String(labelId), cardIds.map(String), on),
};

const undo = {
  setLabelOnCards: {
    inverse({ labelId, cardIds, on }, before) {
      const label = labelsOf(before).find(({ id }) => id === labelId);
      const changed = cardIds.filter((id) => before.cards.get(id)?.parts.labels.includes(labelId) === !on);
      if (!label || changed.length === 0) return null;
      return { name: labelName(label), count: changed.length, create: () => setLabelOnCards({ labelId, cardIds: changed, on: !on }) };
    },
    idsOf: ({ cardIds }) => cardIds,
    of: 'labels', // other changes of the cards do not matter
    done: ({ Name }) => t('labels.js.undo.set', { Name }),
    doneWithSeveral: ({ Count }) => t('labels.js.undo.setSeveral', { Count }),
  },
  deleteLabel: {
    inverse({ id }, before) {
      const pos = labelsOf(before).findIndex((label) => label.id === id);
      if (pos < 0) return null;
      const label = labelsOf(before)[pos];
      return { name: labelName(label), count: 1, create: () => restoreLabel({ label, pos, cardIds: cardsWith(before, id) }) };
    },
    done: ({ Name }) => t('labels.js.undo.delete', { Name }),
    idsOf: () => [],
    message: 'always',
  },
  restoreLabel: {
    inverse: ({ label }) => ({ name: labelName(label), count: 1, create: () => deleteLabel({ id: label.id }) }),
    done: ({ Name }) => t('labels.js.undo.delete', { Name }),
    idsOf: () => [],
  },
};

// `#name` at the end of a typed card, several of them too.
function readTyped(card, store) {
  const labels = [];
  let { name } = card;
  for (let found = labelAtEnd(name, labelsOf(store.view)); found?.text; found = labelAtEnd(name, labelsOf(store.view))) {
    name = found.text;
    labels.push(found.label.id);
  }
  if (labels.length === 0) return null;
  return { card: { ...card, name }, operations: (id) => labels.map((labelId) => setLabelOnCards({ labelId, cardIds: [id], on: true })) };
}

function changedCards({ cardIds }, previous, view) {
  return cardIds.map(String).filter((id) => String(previous.cards.get(id)?.parts.labels) !== String(view.cards.get(id)?.parts.labels)).map((id) => `c-${id}`);
}
