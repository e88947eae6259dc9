/**
 * Everything a person can do to lists and cards, as operations: how the board looks at once (`apply`), which event
 * of the contract tells the server (`event`, `payload`), and which ids must be known before it can be sent (`needs`).
 * The model may bind an id given by the server (`realId`) to the temporary one.
 *
 * Every operation has an `actionId`: the server carries it out once, however often it is sent, and the event that
 * tells of it carries the id. Those made by a function of this file can be written down (`recorded`) and made again
 * (`revived`), so that they survive a reload.
 */
import * as moves from './boardMoves.js';
import { isTemporary, temporaryId as newTemporaryId } from './boardModel.js';
import { randomId } from '../lib/ids.js';
import { cleanBlock, cleanLine } from '../lib/text.js';

/** A new list, shown at the end. The contract inserts at the beginning, so `createList` is followed by a `moveList`. */
export function createList({ name: typedName, desc: typedDesc = '', files = {}, temporaryId = newTemporaryId() }) {
  const [name, desc] = [cleanLine(typedName), cleanBlock(typedDesc)];
  const id = temporaryId;
  return made('createList', { name, desc, files, temporaryId }, {
    temporaryId,
    kind: 'list',
    draft: { listId: null, text: name },
    event: 'create_list',
    needs: [],
    payload: () => ({ name, listDesc: desc, attachedFiles: files }),
    apply(state) {
      const real = this.realId && state.lists.get(this.realId);
      if (real) return moves.moveList(state, real.id, state.lists.size - 1);
      return moves.addList(state, { id: this.realId ?? id, name, desc, files: {} }, state.lists.size);
    },
  });
}

/** A new card at the end of a list. */
export function createCard({ listId, name: typedName, desc: typedDesc = '', files = {}, members = [], temporaryId = newTemporaryId() }) {
  const [name, desc] = [cleanLine(typedName), cleanBlock(typedDesc)];
  const id = temporaryId;
  return made('createCard', { listId, name, desc, files, members, temporaryId }, {
    temporaryId,
    kind: 'card',
    draft: { listId, text: [name, desc].filter(Boolean).join('\n') },
    event: 'create_card',
    needs: [listId],
    payload: (real) => ({ listId: real(listId), name, cardDesc: desc, attachedFiles: files, members: members.map(Number) }),
    apply(state, model) {
      if (this.realId && state.cards.has(this.realId)) return state;
      const shown = { id: this.realId ?? id, listId: present(state.lists, listId, model), name, desc, files: {}, members };
      return moves.addCard(state, shown);
    },
  });
}

/**
 * A list to another index.
 *
 * @param {{id: string, pos: number, undoes?: number}} move `undoes` is the revision of the move that this one takes
 *   back: the server refuses it if the list has been changed since
 */
export function moveList({ id, pos, undoes }) {
  return made('moveList', { id, pos, undoes }, {
    event: 'move_list',
    needs: [id],
    payload: (real) => ({ id: real(id), pos, undoes }),
    apply: (state, model) => moves.moveList(state, present(state.lists, id, model), pos),
  });
}

/** A card to an index, counted without itself, of the same or another list. */
export function moveCard({ id, listId, pos }) {
  return made('moveCard', { id, listId, pos }, {
    event: 'move_card',
    needs: [id, listId],
    payload: (real) => ({ id: real(id), listId: real(listId), pos }),
    apply: (state, model) => moves.moveCard(state, present(state.cards, id, model), present(state.lists, listId, model), pos),
  });
}

/** Several cards as one block, the first at `pos`. */
export function moveCards({ ids, listId, pos }) {
  return made('moveCards', { ids, listId, pos }, {
    event: 'move_cards',
    needs: [...ids, listId],
    payload: (real) => ({ ids: ids.map(real), listId: real(listId), pos }),
    apply: (state, model) =>
      moves.moveCards(state, ids.map((id) => present(state.cards, id, model)), present(state.lists, listId, model), pos),
  });
}

/**
 * New values for a list, as far as they change. The contract wants name and description together, so what is not
 * changed is sent as the server last said it, and `base` says so: the server then leaves it as it is.
 *
 * @param {object} edit
 * @param {string} edit.id
 * @param {{name?: string, desc?: string}} [edit.changes]
 * @param {{name?: string, desc?: string}} [edit.base] the texts the person has seen and replaces
 */
export function editList({ id, changes: typed = {}, base = {}, files = noFiles }) {
  const changes = cleaned(typed);
  return made('editList', { id, changes, base, files }, {
    event: 'edit_list',
    needs: [id],
    texts: { kind: 'list', id, changes, base },
    payload(real, model) {
      const list = known(model, 'lists', id);
      const now = { ...list, ...changes };
      const from = { ...list, ...base };
      return { id: real(id), name: now.name, listDesc: now.desc, base: { name: from.name, listDesc: from.desc }, ...fileChanges(files) };
    },
    apply: (state, model) => {
      const shown = present(state.lists, id, model);
      return moves.editList(state, shown, withoutRemoved(changes, state.lists.get(shown), files));
    },
  });
}

/** New values for a card, as for a list; members put on it and taken off it. */
export function editCard({ id, changes: typed = {}, base = {}, files = noFiles, newMembers = [], removedMembers = [] }) {
  const changes = cleaned(typed);
  return made('editCard', { id, changes, base, files, newMembers, removedMembers }, {
    event: 'edit_card',
    needs: [id],
    texts: { kind: 'card', id, changes, base },
    payload(real, model) {
      const card = known(model, 'cards', id);
      const now = { ...card, ...changes };
      const from = { ...card, ...base };
      return {
        id: real(id), listId: real(now.listId), name: now.name, cardDesc: now.desc, base: { name: from.name, cardDesc: from.desc },
        ...fileChanges(files), newMembers: newMembers.map(Number), removedMembers: removedMembers.map(Number),
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
  });
}

/** A list goes, with its cards. */
export function removeList({ id }) {
  return made('removeList', { id }, {
    event: 'delete_list',
    needs: [id],
    payload: (real) => ({ id: real(id) }),
    apply: (state, model) => moves.removeList(state, present(state.lists, id, model)),
  });
}

/** A card goes. */
export function removeCard({ id }) {
  return made('removeCard', { id }, {
    event: 'delete_card',
    needs: [id],
    payload: (real, model) => ({ id: real(id), listId: real(model.confirmed.cards.get(model.realId(id))?.listId ?? 0) }),
    apply: (state, model) => moves.removeCard(state, present(state.cards, id, model)),
  });
}

/** Cards back to the spots they had before the move with the revision `undoes`. */
export function putCardsBack({ spots, undoes }) {
  return made('putCardsBack', { spots, undoes }, {
    event: 'put_cards_back',
    needs: spots.flatMap(({ id, listId }) => [id, listId]),
    payload: (real) => ({ undoes, cards: spots.map(({ id, listId, pos }) => ({ id: real(id), listId: real(listId), pos })) }),
    apply: (state) => moves.putBack(state, spots),
  });
}

/** A list goes into the archive, with its cards. */
export function archiveList({ id }) {
  return made('archiveList', { id }, {
    event: 'archive_list',
    needs: [id],
    payload: (real) => ({ id: real(id) }),
    apply: (state, model) => moves.removeList(state, present(state.lists, id, model)),
  });
}

/** A card goes into the archive. */
export function archiveCard({ id }) {
  return made('archiveCard', { id }, {
    event: 'archive_card',
    needs: [id],
    payload: (real) => ({ id: real(id) }),
    apply: (state, model) => moves.removeCard(state, present(state.cards, id, model)),
  });
}

/**
 * A list comes back as it was known here, with its cards; `from` is "bin" or "archive", `undoes` the revision of its
 * removal.
 */
export function restoreList({ list, cards, from, undoes }) {
  return made('restoreList', { list, cards, from, undoes }, {
    event: `restore_from_${from}`,
    needs: [list.id],
    payload: (real) => ({ kind: 'list', id: real(list.id), undoes }),
    apply: (state) => moves.putListBack(state, list, cards),
  });
}

/** A card comes back to where it was known here, if its list is still there; see restoreList. */
export function restoreCard({ card, from, undoes }) {
  return made('restoreCard', { card, from, undoes }, {
    event: `restore_from_${from}`,
    needs: [card.id],
    payload: (real) => ({ kind: 'card', id: real(card.id), undoes }),
    apply: (state) => (state.cards.has(card.id) ? state : moves.moveCard(moves.addCard(state, card), card.id, card.listId, card.pos)),
  });
}

/**
 * An operation as plain data, to be made again by `revived`; null if it cannot be: contents of files stay where they
 * are. Ids the server has given by now take the place of temporary ones, which no other page knows.
 */
export function recorded({ recipe, args, actionId }, model) {
  const contents = [args?.files?.added, args?.files?.replaced, args?.files].filter(Boolean).flatMap((files) => Object.values(files));
  if (!recipe || contents.some((content) => content instanceof ArrayBuffer || content instanceof Blob)) return null;
  return { recipe, args: withRealIds(args, model), actionId };
}

/** Makes operations again from what `recorded` gave; without those that this program or this page cannot know. */
export function revived(records) {
  return remade(records).operations;
}

/**
 * Makes operations again from records.
 *
 * @returns {{operations: object[], lost: object[]}} `lost` are those about something that is unknown by now; they
 *   cannot be sent, but their texts can be given back
 */
export function remade(records) {
  const made_here = new Set();
  const operations = [];
  const lost = [];
  for (const { recipe, args, actionId, at } of records) {
    const operation = recipes[recipe] && Object.assign(recipes[recipe](args), { actionId, at });
    if (!operation) continue;
    if (operation.needs.some((id) => isTemporary(id) && !made_here.has(id))) lost.push(operation);
    else {
      if (operation.temporaryId) made_here.add(operation.temporaryId);
      operations.push(operation);
    }
  }
  return { operations, lost };
}

function withRealIds(value, model) {
  if (typeof value === 'string') return isTemporary(value) ? model.realId(value) ?? value : value;
  if (Array.isArray(value)) return value.map((item) => withRealIds(item, model));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === 'temporaryId' ? item : withRealIds(item, model)]));
}

const recipes = {
  createList, createCard, moveList, moveCard, moveCards, editList, editCard, removeList, removeCard,
  putCardsBack, archiveList, archiveCard, restoreList, restoreCard,
};

function made(recipe, args, parts) {
  return { recipe, args, actionId: randomId(), ...parts };
}

const noFiles = { added: {}, replaced: {}, removed: [] };

function fileChanges({ added, replaced, removed }) {
  return { newAttachedFiles: added, replacedAttachedFiles: replaced, removedAttachedFiles: removed };
}

// As the server stores it, so that what is shown at once does not change when its event comes.
function cleaned({ name, desc, ...others }) {
  return { ...others, ...(name !== undefined && { name: cleanLine(name) }), ...(desc !== undefined && { desc: cleanBlock(desc) }) };
}

function withoutRemoved(changes, item, { removed }) {
  if (!item || removed.length === 0) return changes;
  return { ...changes, files: Object.fromEntries(Object.entries(item.files).filter(([name]) => !removed.includes(name))) };
}

// What was created here may be accepted already while its event is still on its way. What is gone is sent as something
// that could be: it is the server that says so.
function known(model, kind, id) {
  const real = model.realId(id);
  return model.confirmed[kind].get(real) ?? model.view[kind].get(real) ?? { name: '-', desc: '', listId: 0 };
}

// Something created here is shown under its temporary id until its event arrives, and under the server's id from then on.
function present(map, id, model) {
  const real = model.realId(id);
  return real !== undefined && map.has(real) ? real : id;
}
