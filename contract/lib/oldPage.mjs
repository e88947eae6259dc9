/**
 * A board page of the Flask application, as far as events change it: it places elements by the index in an event, adds
 * deltas to the positions it knows, and throws on anything it does not know (socket-events.md, section 7).
 */
export class OldPage {
  /** `lists` is the page data's object. */
  constructor(lists) {
    this.lists = structuredClone(lists);
    this.shown = order(this.lists);
    for (const list of Object.values(this.lists)) list.shown = order(list.cards);
  }

  apply([event, payload]) {
    this[event]?.(payload);
  }

  build_new_list({ id, name, listDesc, pos, attachedFiles }) {
    for (const list of Object.values(this.lists)) list.pos += 1;
    this.lists[id] = { name, listDesc, pos, attachedFiles, cards: {}, shown: [] };
    insert(this.shown, String(id), pos);
  }

  update_list_pos({ id, pos, otherListsPosChanges }) {
    const list = known(this.lists, id);
    place(this.shown, String(id), pos, list.pos < pos);
    list.pos = pos;
    for (const [other, delta] of otherListsPosChanges) known(this.lists, other).pos += delta;
  }

  update_list({ id, name, listDesc, newAttachedFiles, removedAttachedFiles }) {
    const list = Object.assign(known(this.lists, id), { name, listDesc });
    changeFiles(list, newAttachedFiles, removedAttachedFiles);
  }

  remove_list({ id, listsPosChanges }) {
    known(this.lists, id);
    delete this.lists[id];
    this.shown = this.shown.filter((each) => each !== String(id));
    for (const [other, delta] of listsPosChanges) known(this.lists, other).pos += delta;
  }

  build_new_card({ id, listId, name, cardDesc, pos, attachedFiles, members }) {
    const list = known(this.lists, listId);
    list.cards[id] = { name, cardDesc, pos, listId, attachedFiles, members };
    insert(list.shown, String(id), pos);
  }

  /** Each card is placed by the position known before, the deltas are added in the end. */
  update_cards_pos({ cards, otherCardsPosChanges }) {
    for (const { id, listId, prevListId, pos } of cards) {
      const from = known(this.lists, prevListId);
      const to = known(this.lists, listId);
      const card = known(from.cards, id);
      if (from === to && pos < to.shown.length) {
        place(to.shown, String(id), pos, card.pos < pos);
      } else {
        from.shown = from.shown.filter((each) => each !== String(id));
        to.shown.splice(Math.min(pos, to.shown.length), 0, String(id));
      }
      delete from.cards[id];
      to.cards[id] = Object.assign(card, { listId, pos });
    }
    for (const [id, listId, delta] of otherCardsPosChanges) known(known(this.lists, listId).cards, id).pos += delta;
  }

  update_card({ id, listId, name, cardDesc, newAttachedFiles, removedAttachedFiles, newMembers, removedMembers }) {
    const card = Object.assign(known(known(this.lists, listId).cards, id), { name, cardDesc });
    for (const member of newMembers) card.members[member] = 1;
    for (const member of removedMembers) {
      known(card.members, member);
      delete card.members[member];
    }
    changeFiles(card, newAttachedFiles, removedAttachedFiles);
  }

  remove_card({ id, listId, cardsPosChanges }) {
    const list = known(this.lists, listId);
    known(list.cards, id);
    delete list.cards[id];
    list.shown = list.shown.filter((each) => each !== String(id));
    for (const [other, delta] of cardsPosChanges) known(list.cards, other).pos += delta;
  }
}

function known(entities, id) {
  if (!Object.hasOwn(entities, id)) throw new Error(`${id} is not known`);
  return entities[id];
}

/** The order of elements as positions say; every position exists once. */
function order(entities) {
  const ids = [];
  for (const [id, { pos }] of Object.entries(entities)) {
    if (!Number.isInteger(pos) || pos < 0 || pos >= Object.keys(entities).length || ids[pos] !== undefined) throw new Error(`position ${pos} of ${id}`);
    ids[pos] = id;
  }
  return ids;
}

function insert(shown, id, pos) {
  if (pos < 0 || pos > shown.length) throw new Error(`no element at ${pos - 1} of ${shown.length}`);
  shown.splice(pos, 0, id);
}

/** Puts an element before or behind the one that is at an index now. */
function place(shown, id, index, behind) {
  const other = shown[index];
  if (other === undefined) throw new Error(`no element at ${index}`);
  if (other === id) return;
  shown.splice(shown.indexOf(id), 1);
  shown.splice(shown.indexOf(other) + (behind ? 1 : 0), 0, id);
}

function changeFiles(entity, added, removed) {
  for (const name of removed) {
    known(entity.attachedFiles, name);
    delete entity.attachedFiles[name];
  }
  for (const [name, url] of added) entity.attachedFiles[name] = url;
}
