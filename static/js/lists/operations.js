/** The operations on lists; see board/model/operations.js. */
import { temporaryId as newTemporaryId } from '../board/model/boardModel.js';
import * as board from '../board/model/boardState.js';
import { knownItem, operation, shownId } from '../board/model/operations.js';
import { cleanTexts } from '../board/model/schema.js';
import { fileChangesToWire, noFileChanges, without } from '../files/schema.js';
import { listSchema } from './schema.js';

/** Creates a list, shown at the end. The contract inserts at the beginning, so a `moveList` follows. */
export function createList({ name: typedName, desc: typedDesc = '', files = {}, temporaryId = newTemporaryId() }) {
  const { name, desc } = cleanTexts({ name: typedName, desc: typedDesc });
  return operation('createList', { name, desc, files, temporaryId }, {
    temporaryId,
    kind: 'list',
    draft: { listId: null, text: name },
    event: 'create_list',
    needs: [],
    payload: () => ({ ...listSchema.toWire({ name, desc }), attachedFiles: files }),
    apply(state) {
      const real = this.realId && state.lists.get(this.realId);
      if (real) return board.moveList(state, real.id, state.lists.size - 1);
      return board.addList(state, { ...listSchema.parse({ id: this.realId ?? temporaryId }), name, desc }, state.lists.size);
    },
  });
}

/**
 * Moves a list to another index.
 *
 * @param {{id: string, pos: number, undoes?: number}} move `undoes` is the revision of the move that this one
 *   undoes: the server refuses it if the list has changed since
 */
export function moveList({ id, pos, undoes }) {
  return operation('moveList', { id, pos, undoes }, {
    event: 'move_list',
    needs: [id],
    payload: (real) => ({ id: real(id), pos, undoes }),
    apply: (state, model) => board.moveList(state, shownId(state.lists, id, model), pos),
  });
}

/**
 * Changes the texts or files of a list. The contract's event carries both texts, so an unchanged text is sent as the
 * server last sent it and equals its `base`: the server then keeps its own.
 *
 * @param {object} edit
 * @param {string} edit.id
 * @param {{name?: string, desc?: string}} [edit.changes]
 * @param {{name?: string, desc?: string}} [edit.base] the texts that the person has seen and replaces
 * @param {number} [edit.undoes] the edit undoes another one, whose texts are the `base`: no one typed its texts, so they
 *   are no draft if it is refused
 */
export function editList({ id, changes: typed = {}, base = {}, files = noFileChanges, undoes }) {
  const changes = cleanTexts(typed);
  return operation('editList', { id, changes, base, files, undoes }, {
    event: 'edit_list',
    needs: [id],
    texts: undoes === undefined ? { kind: 'list', id, changes, base } : null,
    payload(real, model) {
      const list = knownItem(model, 'lists', id);
      return {
        id: real(id), ...listSchema.toWire({ ...list, ...changes }), base: listSchema.toWire({ ...list, ...base }), ...fileChangesToWire(files),
      };
    },
    apply(state, model) {
      const list = state.lists.get(shownId(state.lists, id, model));
      return list ? board.editList(state, list.id, { ...changes, files: without(list.files, files.removed) }) : state;
    },
  });
}

/** Deletes a list with its cards. */
export function removeList({ id }) {
  return operation('removeList', { id }, {
    event: 'delete_list',
    needs: [id],
    payload: (real) => ({ id: real(id) }),
    apply: (state, model) => board.removeList(state, shownId(state.lists, id, model)),
  });
}

/** Copies a list with its cards, shown behind it without them until they come. */
export function copyList({ id, name: typedName, temporaryId = newTemporaryId() }) {
  const { name } = cleanTexts({ name: typedName });
  return operation('copyList', { id, name, temporaryId }, {
    temporaryId,
    kind: 'list',
    event: 'copy_list',
    needs: [id],
    payload: (real) => ({ id: real(id), name }),
    apply(state, model) {
      const original = state.lists.get(shownId(state.lists, id, model));
      if (!original) return state;
      const made = this.realId && state.lists.get(this.realId);
      if (!made) return board.addList(state, { ...original, id: this.realId ?? temporaryId, name, files: {}, pictures: {} }, original.pos + 1);
      return board.moveList(state, made.id, made.pos <= original.pos ? original.pos : original.pos + 1);
    },
  });
}

/** Archives a list with its cards. */
export function archiveList({ id }) {
  return operation('archiveList', { id }, {
    event: 'archive_list',
    needs: [id],
    payload: (real) => ({ id: real(id) }),
    apply: (state, model) => board.removeList(state, shownId(state.lists, id, model)),
  });
}
