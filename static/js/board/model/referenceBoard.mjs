/**
 * A board as plain nested arrays that answers the client's events as the contract says (socket-events.md, section 5),
 * for tests: simple enough to be believed, and nothing in common with the code it checks.
 */
export class ReferenceBoard {
  lists = [];
  rev = 0;
  log = [];
  #ids = 0;
  #done = new Map();

  constructor(members = {}) {
    this.members = members;
  }

  /** Carries out a client's event, a named one once; returns the answer, the room's events are appended to `log`. */
  handle(event, data) {
    const { actionId } = data;
    if (this.#done.has(actionId)) return this.#done.get(actionId);
    const before = this.log.length;
    const id = this[event]?.(data);
    if (id === 'notFound') return { error: 'notFound', message: 'gone' };
    const events = this.log.slice(before);
    const answer = { ok: true, rev: events.at(-1)?.rev ?? this.rev, ...(id && { id }) };
    if (!actionId) return answer;
    if (events[0]) events[0].payload.actionId = actionId;
    this.#done.set(actionId, answer);
    return answer;
  }

  snapshot() {
    const lists = Object.fromEntries(this.lists.map((list, pos) => [list.id, {
      name: list.name, listDesc: list.desc, pos, attachedFiles: { ...list.files },
      cards: Object.fromEntries(list.cards.map((card, index) => [card.id, {
        name: card.name, cardDesc: card.desc, pos: index, listId: list.id, attachedFiles: { ...card.files },
        members: Object.fromEntries(card.members.map((member) => [member, 1])),
      }])),
    }]));
    const project = { id: 1, name: 'p', ownerName: 'o', projectDesc: '', visibility: 'private', members: this.members, lists };
    return { rev: this.rev, project: structuredClone(project) };
  }

  create_list({ name, listDesc, attachedFiles }) {
    const list = { id: this.#id(), name, desc: listDesc, files: urls(attachedFiles), cards: [] };
    this.lists.unshift(list);
    this.#say('build_new_list', { id: list.id, name, listDesc, pos: 0, attachedFiles: { ...list.files } });
    return list.id;
  }

  move_list({ id, pos }) {
    const list = this.#list(id);
    if (!list) return 'notFound';
    const before = this.lists.slice();
    const rest = before.filter((other) => other !== list);
    const at = clamp(pos, rest.length);
    rest.splice(at, 0, list);
    this.lists = rest;
    this.#say('update_list_pos', { id: String(id), pos: at, otherListsPosChanges: deltas(before, rest, list) });
    return null;
  }

  edit_list({ id, name, listDesc, newAttachedFiles, removedAttachedFiles }) {
    const list = this.#list(id);
    if (!list) return 'notFound';
    const added = change(list, { name, desc: listDesc }, newAttachedFiles, removedAttachedFiles);
    this.#say('update_list', { id, name, listDesc, removedAttachedFiles, newAttachedFiles: added });
    return null;
  }

  delete_list({ id }) {
    const list = this.#list(id);
    if (!list) return 'notFound';
    const before = this.lists;
    this.lists = before.filter((other) => other !== list);
    this.#say('remove_list', { id, listsPosChanges: deltas(before, this.lists, list) });
    return null;
  }

  create_card({ listId, name, cardDesc, attachedFiles, members }) {
    const list = this.#list(listId);
    if (!list) return 'notFound';
    const card = { id: this.#id(), name, desc: cardDesc, files: urls(attachedFiles), members: members.map(String) };
    list.cards.push(card);
    const shown = Object.fromEntries(card.members.map((member) => [member, 1]));
    this.#say('build_new_card', {
      id: card.id, listId, name, cardDesc, pos: list.cards.length - 1, attachedFiles: { ...card.files }, members: shown,
    });
    return card.id;
  }

  move_card({ id, listId, pos }) {
    const [source, card] = this.#card(id);
    const target = this.#list(listId);
    if (!card || !target) return 'notFound';
    const from = source.cards.slice();
    const into = target.cards.slice();
    source.cards = source.cards.filter((other) => other !== card);
    const at = clamp(pos, target.cards.length);
    target.cards = target.cards.toSpliced(at, 0, card);
    const changes = deltas(from, source.cards, card).map(([other, delta]) => [other, source.id, delta]);
    if (source !== target) changes.push(...deltas(into, target.cards, card).map(([other, delta]) => [other, target.id, delta]));
    this.#say('update_cards_pos', { cards: [{ id, listId, prevListId: source.id, pos: at }], otherCardsPosChanges: changes });
    return null;
  }

  move_cards({ ids, listId, pos }) {
    const target = this.#list(listId);
    const found = ids.map((id) => this.#card(id)).filter(([, card]) => card);
    if (!target || found.length === 0) return 'notFound';
    const rank = ([list, card]) => [list.cards.indexOf(card), this.lists.indexOf(list), card.id];
    found.sort((a, b) => { const [x, y] = [rank(a), rank(b)]; return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]; });
    const moved = found.map(([, card]) => card);
    const rest = target.cards.filter((card) => !moved.includes(card));
    const follower = rest[clamp(pos, rest.length)];
    let previous = null;
    for (const card of moved) {
      const others = target.cards.filter((other) => other !== card);
      const end = follower ? others.indexOf(follower) : others.length;
      this.move_card({ id: card.id, listId, pos: previous ? others.indexOf(previous) + 1 : end });
      previous = card;
    }
    return null;
  }

  edit_card({ id, name, cardDesc, newAttachedFiles, removedAttachedFiles, newMembers, removedMembers }) {
    const [list, card] = this.#card(id);
    if (!card) return 'notFound';
    const added = change(card, { name, desc: cardDesc }, newAttachedFiles, removedAttachedFiles);
    const [come, go] = [newMembers.map(String), removedMembers.map(String)];
    card.members = [...new Set([...card.members, ...come])].filter((member) => !go.includes(member));
    this.#say('update_card', {
      id, listId: list.id, name, cardDesc, removedAttachedFiles, newAttachedFiles: added, newMembers: come, removedMembers: go,
    });
    return null;
  }

  copy_card({ id, name }) {
    const [list, card] = this.#card(id);
    if (!card) return 'notFound';
    const copy = this.create_card({ listId: list.id, name, cardDesc: card.desc, attachedFiles: {}, members: card.members });
    this.move_card({ id: copy, listId: list.id, pos: list.cards.indexOf(card) + 1 });
    return copy;
  }

  copy_list({ id, name }) {
    const list = this.#list(id);
    if (!list) return 'notFound';
    const copy = this.create_list({ name, listDesc: list.desc, attachedFiles: {} });
    this.move_list({ id: copy, pos: this.lists.indexOf(list) });
    for (const card of list.cards) this.create_card({ listId: copy, name: card.name, cardDesc: card.desc, attachedFiles: {}, members: card.members });
    return copy;
  }

  sort_list({ id, ids }) {
    const list = this.#list(id);
    if (!list) return 'notFound';
    const named = ids.map((one) => list.cards.find((card) => card.id === Number(one))).filter(Boolean);
    list.cards = [...named, ...list.cards.filter((card) => !named.includes(card))];
    const cards = list.cards.map((card, pos) => ({ id: card.id, listId: list.id, prevListId: list.id, pos }));
    this.#say('update_cards_pos', { cards, otherCardsPosChanges: [], sorted: list.id });
    return null;
  }

  delete_card({ id }) {
    const [list, card] = this.#card(id);
    if (!card) return 'notFound';
    const before = list.cards;
    list.cards = before.filter((other) => other !== card);
    this.#say('remove_card', { id, listId: list.id, cardsPosChanges: deltas(before, list.cards, card) });
    return null;
  }

  #say(name, payload) {
    this.rev += 1;
    this.log.push({ rev: this.rev, name, payload: structuredClone({ ...payload, rev: this.rev }) });
  }

  #id() {
    this.#ids += 1;
    return this.#ids;
  }

  #list(id) {
    return this.lists.find((list) => list.id === Number(id));
  }

  #card(id) {
    for (const list of this.lists) {
      const card = list.cards.find((other) => other.id === Number(id));
      if (card) return [list, card];
    }
    return [];
  }
}

function deltas(before, after, moved) {
  return before.filter((item) => item !== moved && after.indexOf(item) !== before.indexOf(item))
    .map((item) => [item.id, after.indexOf(item) - before.indexOf(item)]);
}

function change(item, fields, added, removed) {
  Object.assign(item, fields);
  for (const name of removed) delete item.files[name];
  Object.assign(item.files, urls(added));
  return Object.keys(added).map((name) => [name, `/files/${name}`]);
}

function urls(files) {
  return Object.fromEntries(Object.keys(files ?? {}).map((name) => [name, `/files/${name}`]));
}

function clamp(pos, max) {
  return Math.max(0, Math.min(pos, max));
}
