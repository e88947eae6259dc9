/** What the events about cards do to the state of the board. */
import { denseIn, known, patch, shift } from '../board/model/changes.js';
import { cardSchema } from './schema.js';

export const cardReducers = {
  build_new_card(state, event) {
    const card = cardSchema.parse(event);
    known(state.lists, card.listId);
    return denseIn({ ...state, cards: new Map(state.cards).set(card.id, card) }, [card.listId]);
  },

  update_cards_pos(state, event) {
    const cards = new Map(state.cards);
    const changed = new Set();
    for (const moved of event.cards) {
      const before = known(cards, moved.id);
      const listId = known(state.lists, moved.listId).id;
      cards.set(before.id, { ...before, listId, pos: moved.pos });
      changed.add(before.listId).add(listId);
    }
    for (const [id, , delta] of event.otherCardsPosChanges) changed.add(shift(cards, id, delta).listId);
    return denseIn({ ...state, cards }, changed);
  },

  update_card(state, event) {
    const cards = new Map(state.cards);
    const card = known(cards, event.id);
    return { ...state, cards: cards.set(card.id, cardSchema.patch(card, event)) };
  },

  card_cover_changed(state, { id, cover, pictures = {} }) {
    const cards = new Map(state.cards);
    patch(cards, id, { cover, pictures });
    return { ...state, cards };
  },

  remove_card(state, event) {
    const cards = new Map(state.cards);
    const { id, listId } = known(cards, event.id);
    cards.delete(id);
    for (const [other, delta] of event.cardsPosChanges) shift(cards, other, delta);
    return denseIn({ ...state, cards }, [listId]);
  },
};
