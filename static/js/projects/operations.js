/**
 * Everything a person can do to lists and cards, as operations: how the board looks at once (`apply`), which event
 * of the contract tells the server (`event`, `payload`), and which ids must be known before it can be sent (`needs`).
 * The model may bind an id given by the server (`realId`) to the temporary one.
 */
import * as moves from './boardMoves.js';
import { listsOf } from './boardState.js';
import { temporaryId } from './boardModel.js';

/** A new list, shown at the end. The contract inserts at the beginning, so `createList` is followed by a `moveList`. */
export function createList({ name, desc = '', files = {} }) {
  const id = temporaryId();
  return {
    temporaryId: id,
    kind: 'list',
    event: 'create_list',
    needs: [],
    payload: () => ({ name, listDesc: desc, attachedFiles: files }),
    creates: (event, payload) => event === 'build_new_list' && payload.name === name && payload.listDesc === desc,
    apply(state) {
      const real = this.realId && state.lists.get(this.realId);
      if (real) return moves.moveList(state, real.id, state.lists.size - 1);
      return moves.addList(state, { id: this.realId ?? id, name, desc, files: {} }, state.lists.size);
    },
  };
}

/** A new card at the end of a list. */
export function createCard({ listId, name, desc = '', files = {}, members = [] }) {
  const id = temporaryId();
  return {
    temporaryId: id,
    kind: 'card',
    event: 'create_card',
    needs: [listId],
    payload: (real) => ({ listId: real(listId), name, cardDesc: desc, attachedFiles: files, members: members.map(Number) }),
    creates: (event, payload, model) => event === 'build_new_card' && payload.name === name && payload.cardDesc === desc
      && String(payload.listId) === model.realId(listId),
    apply(state, model) {
      if (this.realId && state.cards.has(this.realId)) return state;
      const shown = { id: this.realId ?? id, listId: present(state.lists, listId, model), name, desc, files: {}, members };
      return moves.addCard(state, shown);
    },
  };
}

/** A list to another index. */
export function moveList({ id, pos }) {
  return {
    event: 'move_list',
    needs: [id],
    payload: (real) => ({ id: real(id), pos }),
    apply: (state, model) => moves.moveList(state, present(state.lists, id, model), pos),
  };
}

/** A card to an index, counted without itself, of the same or another list. */
export function moveCard({ id, listId, pos }) {
  return {
    event: 'move_card',
    needs: [id, listId],
    payload: (real) => ({ id: real(id), listId: real(listId), pos }),
    apply: (state, model) => moves.moveCard(state, present(state.cards, id, model), present(state.lists, listId, model), pos),
  };
}

/** Several cards as one block, the first at `pos`. */
export function moveCards({ ids, listId, pos }) {
  return {
    event: 'move_cards',
    needs: [...ids, listId],
    payload: (real) => ({ ids: ids.map(real), listId: real(listId), pos }),
    apply: (state, model) =>
      moves.moveCards(state, ids.map((id) => present(state.cards, id, model)), present(state.lists, listId, model), pos),
  };
}

/**
 * New values for a list. The contract wants name and description together, so what is not changed is sent as the
 * server last said it.
 */
export function editList({ id, changes, files = noFiles }) {
  return {
    event: 'edit_list',
    needs: [id],
    payload(real, model) {
      const list = { ...model.confirmed.lists.get(model.realId(id)), ...changes };
      return { id: real(id), name: list.name, listDesc: list.desc, ...fileChanges(files) };
    },
    apply: (state, model) => {
      const shown = present(state.lists, id, model);
      return moves.editList(state, shown, withoutRemoved(changes, state.lists.get(shown), files));
    },
  };
}

/** New values for a card, members put on it and taken off it. */
export function editCard({ id, changes = {}, files = noFiles, newMembers = [], removedMembers = [] }) {
  return {
    event: 'edit_card',
    needs: [id],
    payload(real, model) {
      const card = { ...model.confirmed.cards.get(model.realId(id)), ...changes };
      return {
        id: real(id), listId: real(card.listId), name: card.name, cardDesc: card.desc, ...fileChanges(files),
        newMembers: newMembers.map(Number), removedMembers: removedMembers.map(Number),
      };
    },
    apply(state, model) {
      const shown = present(state.cards, id, model);
      const card = state.cards.get(shown);
      if (!card) return state;
      const members = newMembers.length + removedMembers.length === 0 ? card.members
        : [...new Set([...card.members, ...newMembers])].filter((member) => !removedMembers.includes(member));
      return moves.editCard(state, shown, withoutRemoved({ ...changes, members }, card, files));
    },
  };
}

/** A list goes, with its cards. */
export function removeList({ id }) {
  return {
    event: 'delete_list',
    needs: [id],
    payload: (real) => ({ id: real(id) }),
    apply: (state, model) => moves.removeList(state, present(state.lists, id, model)),
  };
}

/** A card goes. */
export function removeCard({ id }) {
  return {
    event: 'delete_card',
    needs: [id],
    payload: (real, model) => ({ id: real(id), listId: real(model.confirmed.cards.get(model.realId(id))?.listId ?? 0) }),
    apply: (state, model) => moves.removeCard(state, present(state.cards, id, model)),
  };
}

/** The index a list is moved to so that it ends up last. */
export function lastListPos(state) {
  return Math.max(0, listsOf(state).length - 1);
}

const noFiles = { added: {}, replaced: {}, removed: [] };

function fileChanges({ added, replaced, removed }) {
  return { newAttachedFiles: added, replacedAttachedFiles: replaced, removedAttachedFiles: removed };
}

function withoutRemoved(changes, item, { removed }) {
  if (!item || removed.length === 0) return changes;
  return { ...changes, files: Object.fromEntries(Object.entries(item.files).filter(([name]) => !removed.includes(name))) };
}

// Something created here is shown under its temporary id until its event arrives, and under the server's id from then on.
function present(map, id, model) {
  const real = model.realId(id);
  return real !== undefined && map.has(real) ? real : id;
}
