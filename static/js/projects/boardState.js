/**
 * A board as immutable data, and what each event of the contract does to it.
 *
 * Lists and cards are kept in Maps by id; ids are strings, because the contract sends them as numbers or as
 * strings. A reducer never changes what it was given, so "did this card change?" is a comparison of references.
 *
 * @typedef {{id: string, name: string, desc: string, pos: number, files: Object<string, string>}} List
 * @typedef {List & {listId: string, members: string[]}} Card
 * @typedef {{id: string, name: string, picUrl: string, goToUrl: string, role: string}} Member
 * @typedef {{id: string, name: string, ownerName: string, desc: string, visibility: string, hasChat: boolean}} Project
 * @typedef {{project: Project, members: Map<string, Member>, lists: Map<string, List>, cards: Map<string, Card>,
 *   deleted: boolean}} BoardState
 */

/** Thrown when an event does not fit the state: the only remedy is a fresh snapshot. */
export class DivergedError extends Error {}

/** Builds the state from the `project` object of the page data or of the snapshot (contract pages.md, section 5). */
export function fromSnapshot(project) {
  const lists = new Map();
  const cards = new Map();
  for (const [id, list] of Object.entries(project.lists ?? {})) {
    lists.set(id, { id, name: list.name, desc: list.listDesc, pos: list.pos, files: list.attachedFiles ?? {} });
    for (const [card_id, card] of Object.entries(list.cards ?? {})) cards.set(card_id, toCard({ ...card, id: card_id, listId: id }));
  }
  const members = new Map(Object.entries(project.members ?? {}).map(([id, member]) => [id, { ...member, id }]));
  const { name, ownerName, visibility, chatGroupStatus } = project;
  return {
    project: { id: String(project.id), name, ownerName, desc: project.projectDesc ?? '', visibility, hasChat: chatGroupStatus === 'activated' },
    members, lists, cards, deleted: false,
  };
}

/**
 * Applies one event of the `/project` namespace (or `update_project_attributes`). Unknown events leave the state as
 * it is: the contract allows more of them to appear.
 *
 * @throws {DivergedError} when the event names something unknown or leaves positions that are not 0..n-1
 */
export function applyEvent(state, name, payload) {
  const reduce = reducers[name];
  return reduce ? reduce(state, payload) : state;
}

const reducers = {
  build_new_list(state, event) {
    const lists = new Map([...state.lists].map(([id, list]) => [id, { ...list, pos: list.pos + 1 }]));
    const id = String(event.id);
    lists.set(id, { id, name: event.name, desc: event.listDesc, pos: event.pos, files: event.attachedFiles ?? {} });
    return dense({ ...state, lists });
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
    lists.set(list.id, { ...list, name: event.name, desc: event.listDesc, files: changedFiles(list.files, event) });
    return { ...state, lists };
  },

  remove_list(state, event) {
    const lists = new Map(state.lists);
    const { id } = known(lists, event.id);
    lists.delete(id);
    for (const [other, delta] of event.listsPosChanges) shift(lists, other, delta);
    return dense({ ...state, lists, cards: new Map([...state.cards].filter(([, card]) => card.listId !== id)) });
  },

  build_new_card(state, event) {
    const card = toCard(event);
    known(state.lists, card.listId);
    return denseIn({ ...state, cards: new Map(state.cards).set(card.id, card) }, [card.listId]);
  },

  update_cards_pos(state, event) {
    const cards = new Map(state.cards);
    const touched = new Set();
    for (const moved of event.cards) {
      const before = known(cards, moved.id);
      const listId = known(state.lists, moved.listId).id;
      cards.set(before.id, { ...before, listId, pos: moved.pos });
      touched.add(before.listId).add(listId);
    }
    for (const [id, , delta] of event.otherCardsPosChanges) touched.add(shift(cards, id, delta).listId);
    return denseIn({ ...state, cards }, touched);
  },

  update_card(state, event) {
    const cards = new Map(state.cards);
    const card = known(cards, event.id);
    const removed = new Set((event.removedMembers ?? []).map(String));
    const members = [...card.members, ...(event.newMembers ?? []).map(String)].filter((id) => !removed.has(id));
    const files = changedFiles(card.files, event);
    cards.set(card.id, { ...card, name: event.name, desc: event.cardDesc, files, members: [...new Set(members)] });
    return { ...state, cards };
  },

  remove_card(state, event) {
    const cards = new Map(state.cards);
    const { id, listId } = known(cards, event.id);
    cards.delete(id);
    for (const [other, delta] of event.cardsPosChanges) shift(cards, other, delta);
    return denseIn({ ...state, cards }, [listId]);
  },

  new_project_collab(state, event) {
    const id = String(event.id);
    const { name, picUrl, goToUrl, role } = event;
    return { ...state, members: new Map(state.members).set(id, { id, name, picUrl, goToUrl, role }) };
  },

  project_collab_removed(state, event) {
    const gone = String(event.id);
    const members = new Map(state.members);
    members.delete(gone);
    const cards = new Map([...state.cards].map(([id, card]) =>
      [id, card.members.includes(gone) ? { ...card, members: card.members.filter((member) => member !== gone) } : card]));
    return { ...state, members, cards };
  },

  project_collab_role_changed(state, event) {
    const members = new Map(state.members);
    patch(members, event.id, { role: event.role });
    return { ...state, members };
  },

  project_collab_changed(state, event) {
    const members = new Map(state.members);
    const { name, picUrl, goToUrl } = event;
    patch(members, event.id, { name, picUrl, goToUrl });
    return { ...state, members };
  },

  update_project_visibility(state, visibility) {
    return { ...state, project: { ...state.project, visibility } };
  },

  update_project_chat_group_status(state, event) {
    return { ...state, project: { ...state.project, hasChat: event.chatGroupStatus === 'activated' } };
  },

  update_project_attributes(state, event) {
    const { name, ownerName, projectDesc } = event;
    return { ...state, project: { ...state.project, name, ownerName, desc: projectDesc } };
  },

  project_deleted(state) {
    return { ...state, deleted: true };
  },
};

/** Lists in order. */
export function listsOf(state) {
  return arranged(state).lists;
}

/** Cards of one list in order. */
export function cardsOf(state, listId) {
  return arranged(state).cards.get(String(listId)) ?? [];
}

// A state never changes, so its order is worked out once; without this every list would walk all cards.
const arrangements = new WeakMap();

function arranged(state) {
  let found = arrangements.get(state);
  if (!found) {
    const cards = new Map();
    for (const card of state.cards.values()) {
      if (!cards.has(card.listId)) cards.set(card.listId, []);
      cards.get(card.listId).push(card);
    }
    for (const column of cards.values()) column.sort(byPos);
    found = { lists: [...state.lists.values()].sort(byPos), cards };
    arrangements.set(state, found);
  }
  return found;
}

function byPos(a, b) {
  return a.pos - b.pos || Number(a.id) - Number(b.id);
}

function toCard(event) {
  return {
    id: String(event.id), listId: String(event.listId), name: event.name, desc: event.cardDesc ?? '', pos: event.pos,
    files: event.attachedFiles ?? {}, members: Object.keys(event.members ?? {}),
  };
}

function changedFiles(files, event) {
  const removed = new Set(event.removedAttachedFiles ?? []);
  const kept = Object.entries(files).filter(([name]) => !removed.has(name));
  return Object.fromEntries([...kept, ...(event.newAttachedFiles ?? [])]);
}

function known(map, id) {
  const found = map.get(String(id));
  if (!found) throw new DivergedError(`unknown id ${id}`);
  return found;
}

function patch(map, id, changes) {
  const changed = { ...known(map, id), ...changes };
  map.set(changed.id, changed);
  return changed;
}

function shift(map, id, delta) {
  return patch(map, id, { pos: known(map, id).pos + delta });
}

function dense(state) {
  listsOf(state).forEach((list, index) => requirePos(list, index));
  return state;
}

function denseIn(state, listIds) {
  for (const listId of listIds) cardsOf(state, listId).forEach((card, index) => requirePos(card, index));
  return state;
}

function requirePos(item, index) {
  if (item.pos !== index) throw new DivergedError(`${item.id} is at ${item.pos}, should be at ${index}`);
}
