/** What the events about lists do to the state of the board. */
import { dense, known, patch, shift } from '../board/model/changes.js';
import { listSchema } from './schema.js';

export const listReducers = {
  build_new_list(state, event) {
    const lists = new Map([...state.lists].map(([id, list]) => [id, { ...list, pos: list.pos + 1 }]));
    const list = listSchema.parse(event);
    return dense({ ...state, lists: lists.set(list.id, list) });
  },

  update_list_pos(state, event) {
    const lists = new Map(state.lists);
    patch(lists, event.id, { pos: event.pos });
    for (const [id, delta] of event.otherListsPosChanges) shift(lists, id, delta);
    return dense({ ...state, lists });
  },

  update_list(state, event) {
    const lists = new Map(state.lists);
    const list = known(lists, event.id);
    return { ...state, lists: lists.set(list.id, listSchema.patch(list, event)) };
  },

  remove_list(state, event) {
    const lists = new Map(state.lists);
    const { id } = known(lists, event.id);
    lists.delete(id);
    for (const [other, delta] of event.listsPosChanges) shift(lists, other, delta);
    return dense({ ...state, lists, cards: new Map([...state.cards].filter(([, card]) => card.listId !== id)) });
  },
};
