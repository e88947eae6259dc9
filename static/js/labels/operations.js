/** The operations on labels; see board/model/operations.js. */
import { temporaryId as newTemporaryId } from '../board/model/boardModel.js';
import { withBoardPart } from '../board/model/boardState.js';
import { operation, shownId } from '../board/model/operations.js';
import { cleanLine } from '../lib/text.js';
import { cardsWith, labelsOf, onCards, withLabel, withOrder } from './model.js';

/** Creates a label behind the others. */
export function createLabel({ name: typed, colour, temporaryId = newTemporaryId() }) {
  const name = cleanLine(typed);
  return operation('createLabel', { name, colour, temporaryId }, {
    temporaryId,
    kind: 'label',
    event: 'create_label',
    needs: [],
    payload: () => ({ name, colour }),
    apply(state) {
      return withBoardPart(state, 'labels', withLabel(labelsOf(state), { id: this.realId ?? temporaryId, name, colour }));
    },
  });
}

/** Changes the name and the colour of a label. */
export function editLabel({ id, name: typed, colour }) {
  const name = cleanLine(typed);
  return operation('editLabel', { id, name, colour }, {
    event: 'edit_label',
    needs: [id],
    payload: (real) => ({ id: real(id), name, colour }),
    apply: (state, model) => changed(state, shown(state, id, model), (labels, label) => withLabel(labels, { ...label, name, colour })),
  });
}

/** Moves a label to an index. */
export function moveLabel({ id, pos }) {
  return operation('moveLabel', { id, pos }, {
    event: 'move_label',
    needs: [id],
    payload: (real) => ({ id: real(id), pos }),
    apply: (state, model) => changed(state, shown(state, id, model), (labels, label) => withOrder(labels, label.id, pos)),
  });
}

/** Deletes a label; its cards lose it. */
export function deleteLabel({ id }) {
  return operation('deleteLabel', { id }, {
    event: 'delete_label',
    needs: [id],
    payload: (real) => ({ id: real(id) }),
    apply: (state, model) => withoutLabel(state, shown(state, id, model)),
  });
}

/** Restores a deleted label at its index and on its cards, as they were known here. */
export function restoreLabel({ label, pos, cardIds }) {
  return operation('restoreLabel', { label, pos, cardIds }, {
    event: 'restore_label',
    needs: [label.id],
    payload: (real) => ({ id: real(label.id) }),
    apply: (state) => onCards(withBoardPart(state, 'labels', withLabel(labelsOf(state), label, pos)), label.id, cardIds, true),
  });
}

/** Puts a label on cards, or takes it from them unless `on` is set. */
export function setLabelOnCards({ labelId, cardIds, on }) {
  return operation('setLabelOnCards', { labelId, cardIds, on }, {
    event: 'set_label_on_cards',
    needs: [labelId, ...cardIds],
    payload: (real) => ({ labelId: real(labelId), cardIds: cardIds.map(real), on }),
    apply: (state, model) => onCards(state, shown(state, labelId, model), cardIds.map((id) => shownId(state.cards, id, model)), on),
  });
}

/** The state without a label. */
export function withoutLabel(state, id) {
  const rest = onCards(state, id, cardsWith(state, id), false);
  return withBoardPart(rest, 'labels', labelsOf(rest).filter((label) => label.id !== id));
}

function changed(state, id, change) {
  const labels = labelsOf(state);
  const label = labels.find((each) => each.id === id);
  return label ? withBoardPart(state, 'labels', change(labels, label)) : state;
}

function shown(state, id, model) {
  const real = model.realId(id);
  return real !== undefined && labelsOf(state).some((label) => label.id === real) ? real : id;
}
