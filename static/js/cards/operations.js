/** The operations on cards; see board/model/operations.js. */
import { temporaryId as newTemporaryId } from '../board/model/boardModel.js';
import * as board from '../board/model/boardState.js';
import { knownItem, operation, shownId } from '../board/model/operations.js';
import { cleanTexts } from '../board/model/schema.js';
import { fileChangesToWire, noFileChanges, without } from '../files/schema.js';
import { cardSchema, changeMembers } from './schema.js';

/** Creates a card at the end of a list. */
export function createCard({ listId, name: typedName, desc: typedDesc = '', files = {}, members = [], temporaryId = newTemporaryId() }) {
  const { name, desc } = cleanTexts({ name: typedName, desc: typedDesc });
  return operation('createCard', { listId, name, desc, files, members, temporaryId }, {
    temporaryId,
    kind: 'card',
    draft: { listId, text: [name, desc].filter(Boolean).join('\n') },
    event: 'create_card',
    needs: [listId],
    payload: (real) => ({ listId: real(listId), ...cardSchema.toWire({ name, desc }), attachedFiles: files, members: members.map(Number) }),
    apply(state, model) {
      if (this.realId && state.cards.has(this.realId)) return state;
      const blank = cardSchema.parse({ id: this.realId ?? temporaryId, listId: shownId(state.lists, listId, model) });
      return board.addCard(state, { ...blank, name, desc, members });
    },
  });
}

/** Moves a card to an index, counted without itself, of the same or another list. */
export function moveCard({ id, listId, pos }) {
  return operation('moveCard', { id, listId, pos }, {
    event: 'move_card',
    needs: [id, listId],
    payload: (real) => ({ id: real(id), listId: real(listId), pos }),
    apply: (state, model) => board.moveCard(state, shownId(state.cards, id, model), shownId(state.lists, listId, model), pos),
  });
}

/** Moves several cards as one block, the first to `pos`. */
export function moveCards({ ids, listId, pos }) {
  return operation('moveCards', { ids, listId, pos }, {
    event: 'move_cards',
    needs: [...ids, listId],
    payload: (real) => ({ ids: ids.map(real), listId: real(listId), pos }),
    apply: (state, model) =>
      board.moveCards(state, ids.map((id) => shownId(state.cards, id, model)), shownId(state.lists, listId, model), pos),
  });
}

/** Changes texts, files and members of a card; see editList. */
export function editCard({ id, changes: typed = {}, base = {}, files = noFileChanges, newMembers = [], removedMembers = [], undoes }) {
  const changes = cleanTexts(typed);
  return operation('editCard', { id, changes, base, files, newMembers, removedMembers, undoes }, {
    event: 'edit_card',
    needs: [id],
    texts: undoes === undefined ? { kind: 'card', id, changes, base } : null,
    payload(real, model) {
      const card = knownItem(model, 'cards', id);
      return {
        id: real(id), listId: real(card.listId), ...cardSchema.toWire({ ...card, ...changes }), base: cardSchema.toWire({ ...card, ...base }),
        ...fileChangesToWire(files), newMembers: newMembers.map(Number), removedMembers: removedMembers.map(Number),
      };
    },
    apply(state, model) {
      const card = state.cards.get(shownId(state.cards, id, model));
      if (!card) return state;
      const members = changeMembers(card.members, newMembers, removedMembers);
      return board.editCard(state, card.id, { ...changes, members, files: without(card.files, files.removed) });
    },
  });
}

/** Deletes a card. */
export function removeCard({ id }) {
  return operation('removeCard', { id }, {
    event: 'delete_card',
    needs: [id],
    payload: (real, model) => ({ id: real(id), listId: real(model.confirmed.cards.get(model.realId(id))?.listId ?? 0) }),
    apply: (state, model) => board.removeCard(state, shownId(state.cards, id, model)),
  });
}

/** Puts cards back to the positions they had before the move with the revision `undoes`. */
export function putCardsBack({ positions, undoes }) {
  return operation('putCardsBack', { positions, undoes }, {
    event: 'put_cards_back',
    needs: positions.flatMap(({ id, listId }) => [id, listId]),
    payload: (real) => ({ undoes, cards: positions.map(({ id, listId, pos }) => ({ id: real(id), listId: real(listId), pos })) }),
    apply: (state) => board.putBack(state, positions),
  });
}

/** Adds a copy of a card below it. Files stay with the original. */
export function copyCard({ id, name: typedName, temporaryId = newTemporaryId() }) {
  const { name } = cleanTexts({ name: typedName });
  return operation('copyCard', { id, name, temporaryId }, {
    temporaryId,
    kind: 'card',
    event: 'copy_card',
    needs: [id],
    payload: (real) => ({ id: real(id), name }),
    apply(state, model) {
      const original = state.cards.get(shownId(state.cards, id, model));
      if (!original) return state;
      const made = this.realId && state.cards.get(this.realId);
      const copy = made ?? { ...original, id: this.realId ?? temporaryId, name, files: {}, pictures: {}, cover: '' };
      const isAbove = made?.listId === original.listId && made.pos < original.pos;
      return board.moveCard(made ? state : board.addCard(state, copy), copy.id, original.listId, isAbove ? original.pos : original.pos + 1);
    },
  });
}

/**
 * Puts the cards of a list into an order, by their ids; `undoes` is the revision of the sorting that this one undoes: the
 * server refuses it if a card of the list has changed since.
 */
export function sortCards({ listId, ids, undoes }) {
  return operation('sortCards', { listId, ids, undoes }, {
    event: 'sort_list',
    needs: [listId, ...ids],
    payload: (real) => ({ id: real(listId), ids: ids.map(real), undoes }),
    apply: (state, model) => board.sortCards(state, shownId(state.lists, listId, model), ids.map((id) => shownId(state.cards, id, model))),
  });
}

/** Shows one of a card's files on the card; "" for none. */
export function setCover({ id, file }) {
  return operation('setCover', { id, file }, {
    event: 'set_card_cover',
    needs: [id],
    payload: (real) => ({ id: real(id), file }),
    apply: (state, model) => board.editCard(state, shownId(state.cards, id, model), { cover: file }),
  });
}

/** Archives a card. */
export function archiveCard({ id }) {
  return operation('archiveCard', { id }, {
    event: 'archive_card',
    needs: [id],
    payload: (real) => ({ id: real(id) }),
    apply: (state, model) => board.removeCard(state, shownId(state.cards, id, model)),
  });
}

/**
 * The operation that puts cards into a list as one block, the first at `pos`, counted without them; null if nothing would
 * change.
 */
export function blockMove(state, { ids, listId, pos }) {
  const after = board.moveCards(state, ids, listId, pos);
  const changes = ids.some((id) => {
    const [was, is] = [state.cards.get(id), after.cards.get(id)];
    return was?.listId !== is?.listId || was?.pos !== is?.pos;
  });
  if (!changes) return null;
  return ids.length === 1 ? moveCard({ id: ids[0], listId, pos }) : moveCards({ ids, listId, pos });
}
