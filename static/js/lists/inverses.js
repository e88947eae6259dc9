/** How changes of lists are undone, and redone. */
import { t } from '../lib/i18n.js';
import { isTemporary } from '../board/model/boardModel.js';
import { textsBack } from '../board/model/schema.js';
import { editList, moveList, removeList } from './operations.js';

export const listInverses = {
  moveList: {
    inverse({ id, pos }, before) {
      const list = before.lists.get(id);
      // The move of a list that was just created is part of its creation.
      if (!list || isTemporary(id) || list.pos === Math.min(pos, before.lists.size - 1)) return null;
      return { name: list.name, count: 1, create: (undoes) => moveList({ id, pos: list.pos, undoes }) };
    },
    done: (values) => t('lists.js.undo.moveList', values),
  },
  editList: {
    inverse({ id, changes }, before) {
      const list = before.lists.get(id);
      const texts = list && textsBack(list, changes);
      const [detail] = Object.keys(texts?.changes ?? {});
      return detail === undefined ? null : { name: list.name, count: 1, detail, create: (undoes) => editList({ id, ...texts, undoes }) };
    },
    done: ({ Name, detail }) => t(detail === 'name' ? 'lists.js.undo.rename' : 'lists.js.undo.describe', { Name }),
    message: 'never',
  },
  copyList: {
    inverse: ({ name }) => ({ name, count: 1, create: (undoes, { id }) => removeList({ id: String(id) }) }),
    done: (values) => t('lists.js.undo.copyList', values),
    idsOf: ({ temporaryId }) => [temporaryId],
  },
};
