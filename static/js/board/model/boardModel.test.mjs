import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoardModel } from './boardModel.js';
import { cardsOf, listsOf } from './boardState.js';
import * as operations from './allOperations.mjs';
import { randomAct, randomOf } from './randomBoard.mjs';
import { ReferenceBoard } from './referenceBoard.mjs';

const people = Object.fromEntries([1, 2, 3].map((id) => [id, { id, name: `u${id}`, picUrl: '', goToUrl: '', role: 'admin' }]));

/** What a state shows, as nested arrays. */
function shown(state) {
  return listsOf(state).map((list) => ({
    id: Number(list.id), name: list.name, desc: list.desc, files: list.files,
    cards: cardsOf(state, list.id).map(({ id, name, desc, files, members }) =>
      ({ id: Number(id), name, desc, files, members: members.slice().sort() })),
  }));
}

function expected(board) {
  return board.lists.map(({ id, name, desc, files, cards }) => ({
    id, name, desc, files,
    cards: cards.map((card) => ({ ...card, members: card.members.slice().sort() })),
  }));
}

function boardWith(seed, acts) {
  const board = new ReferenceBoard(people);
  const random = randomOf(seed);
  for (let i = 0; i < acts; i += 1) board.handle(...randomAct(board.lists, random));
  return [board, random];
}

test('random events lead to the state of the server', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const [board, random] = boardWith(seed, 15);
    const model = new BoardModel(board.snapshot());
    for (let i = 0; i < 120; i += 1) {
      const from = board.log.length;
      board.handle(...randomAct(board.lists, random));
      for (const { rev, name, payload } of board.log.slice(from)) assert.equal(model.receive(rev, name, payload), 'applied');
      assert.deepEqual(shown(model.view), expected(board), `seed ${seed}, step ${i}`);
    }
  }
});

test('duplicate events and events out of order are applied once and in order', () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const [board, random] = boardWith(seed, 10);
    const model = new BoardModel(board.snapshot());
    const from = board.log.length;
    for (let i = 0; i < 60; i += 1) board.handle(...randomAct(board.lists, random));
    const events = board.log.slice(from).flatMap((event) => (random(4) ? [event] : [event, event]));
    const jumbled = events.map((event, index) => [index + random(6), event]).sort((a, b) => a[0] - b[0]).map(([, event]) => event);
    for (const { rev, name, payload } of jumbled) assert.notEqual(model.receive(rev, name, payload), 'diverged');
    assert.equal(model.hasHole, false);
    assert.equal(model.rev, board.rev);
    assert.deepEqual(shown(model.view), expected(board), `seed ${seed}`);
  }
});

test('a missing event is a gap until it arrives', () => {
  const [board] = boardWith(3, 12);
  const model = new BoardModel(board.snapshot());
  const from = board.log.length;
  board.handle('create_list', { name: 'a', listDesc: '' });
  board.handle('create_list', { name: 'b', listDesc: '' });
  const [first, second] = board.log.slice(from);
  assert.equal(model.receive(second.rev, second.name, second.payload), 'ahead');
  assert.equal(model.hasHole, true);
  assert.equal(model.receive(first.rev, first.name, first.payload), 'applied');
  assert.equal(model.hasHole, false);
  assert.deepEqual(shown(model.view), expected(board));
});

test('an event that does not fit asks for a snapshot', () => {
  const [board] = boardWith(4, 12);
  const model = new BoardModel(board.snapshot());
  assert.equal(model.receive(model.rev + 1, 'remove_card', { id: 99999, listId: 1, cardsPosChanges: [] }), 'diverged');
  model.load(board.snapshot());
  assert.deepEqual(shown(model.view), expected(board));
});

test('roles and visibility of the project follow their events', () => {
  const model = new BoardModel({ rev: 3, project: { id: 9, name: 'p', ownerName: 'u1', visibility: 'private', members: people } });
  assert.equal(model.receive(4, 'project_collab_role_changed', { id: 2, role: 'access-only' }), 'applied');
  assert.equal(model.receive(5, 'update_project_visibility', 'public'), 'applied');
  assert.equal(model.view.members.get('2').role, 'access-only');
  assert.equal(model.view.project.visibility, 'public');
  assert.equal(model.receive(6, 'project_collab_changed', { id: 2, name: 'Zoe', displayName: 'Zoé 🌻', picUrl: '/z.png', goToUrl: '/Zoe' }), 'applied');
  assert.deepEqual(model.view.members.get('2'), { id: '2', name: 'Zoé 🌻', userName: 'Zoe', picUrl: '/z.png', goToUrl: '/Zoe', role: 'access-only' });
  assert.equal(model.receive(7, 'update_project_attributes', { projectId: 9, title: 'Plans 🌱', name: 'plans', ownerName: 'u1', projectDesc: '' }), 'applied');
  assert.deepEqual([model.view.project.title, model.view.project.name], ['Plans 🌱', 'plans']);
  assert.equal(model.receive(8, 'project_collab_role_changed', { id: 99, role: 'admin' }), 'diverged');
  assert.equal(model.receive(8, 'project_collab_changed', { id: 99, name: 'x' }), 'diverged');
});

test('invalid events never throw, and a snapshot repairs the state', () => {
  const junk = [undefined, null, NaN, -1, 1e9, 'x', [], [[]], {}, [[1, 2]], [[99999, 1]], [null]];
  for (let seed = 1; seed <= 200; seed += 1) {
    const [board, random] = boardWith(seed, 12);
    const model = new BoardModel(board.snapshot());
    for (let i = 0; i < 20; i += 1) {
      const from = board.log.length;
      board.handle(...randomAct(board.lists, random));
      const { name, payload } = structuredClone(board.log[from] ?? board.log.at(-1));
      const keys = Object.keys(payload);
      payload[keys[random(keys.length)]] = junk[random(junk.length)];
      assert.match(model.receive(model.rev + 1, name, random(8) ? payload : junk[random(junk.length)]), /applied|diverged/);
    }
    model.load(board.snapshot());
    assert.deepEqual(shown(model.view), expected(board), `seed ${seed}`);
  }
});

test('unknown events count but change nothing', () => {
  const [board] = boardWith(5, 12);
  const model = new BoardModel(board.snapshot());
  assert.equal(model.receive(model.rev + 1, 'something_new', { rev: model.rev + 1 }), 'applied');
  assert.deepEqual(shown(model.view), expected(board));
});

test('own operations show at once, changes of others in between stay, a refusal reverts the operation', () => {
  const board = new ReferenceBoard(people);
  const list = board.handle('create_list', { name: 'l', listDesc: '' }).id;
  const [a, b, c] = ['a', 'b', 'c'].map((name) => board.handle('create_card', { listId: list, name, cardDesc: '', members: [] }).id);
  const model = new BoardModel(board.snapshot());
  const names = () => cardsOf(model.view, list).map((card) => card.name).join('');
  const move = operations.moveCard({ id: String(c), listId: String(list), pos: 0 });
  model.add(move);
  assert.equal(names(), 'cab');
  board.handle('delete_card', { id: a, listId: list });
  const { rev, name, payload } = board.log.at(-1);
  model.receive(rev, name, payload);
  assert.equal(names(), 'cb');
  model.refused(move);
  assert.equal(names(), 'bc');
  assert.equal(b > 0, true);
});

for (const order of ['answer first', 'event first']) {
  test(`a created card shows exactly once at any time (${order})`, () => {
    const board = new ReferenceBoard(people);
    const list = String(board.handle('create_list', { name: 'l', listDesc: '' }).id);
    const model = new BoardModel(board.snapshot());
    const counts = [];
    model.subscribe(({ view }) => counts.push(cardsOf(view, list).length));
    const create = operations.createCard({ listId: list, name: 'x' });
    model.add(create);
    const { rev, id } = board.handle('create_card', { ...create.payload(Number, model), actionId: create.actionId });
    const { name, payload } = board.log.at(-1);
    const steps = [() => model.accepted(create, { rev, id }), () => model.receive(rev, name, payload)];
    if (order === 'event first') steps.reverse();
    for (const step of steps) step();
    assert.deepEqual([...new Set(counts)], [1]);
    assert.equal(model.realId(create.temporaryId), String(id));
    assert.equal(model.keyOf('card', String(id)), create.temporaryId);
    assert.equal(model.keyOf('list', String(id)), String(id), 'a list of the same id is another thing');
    assert.equal(model.isBusy, false);
  });
}

test('random operations of two clients at once lead to the same state on both and on the server', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const [board, random] = boardWith(seed, 15);
    const models = [new BoardModel(board.snapshot()), new BoardModel(board.snapshot())];
    const wire = models.map(() => []);
    let sent = board.log.length;
    for (let i = 0; i < 80; i += 1) {
      const who = random(2);
      const act = ownAct(models[who].view, random);
      models[who].add(act);
      const real = (id) => Number(models[who].realId(id));
      const answer = act.needs.every((id) => models[who].realId(id)) ? board.handle(act.event, { ...act.payload(real, models[who]), actionId: act.actionId }) : { error: 'x' };
      for (const queue of wire) queue.push(...board.log.slice(sent));
      sent = board.log.length;
      wire[who].push({ act, answer });
      for (const [index, model] of models.entries()) deliver(model, wire[index], random(4));
    }
    for (const [index, model] of models.entries()) {
      deliver(model, wire[index], Infinity);
      assert.equal(model.isBusy, false);
      assert.deepEqual(shown(model.view), expected(board), `seed ${seed}, model ${index}`);
    }
  }
});

function deliver(model, queue, count) {
  for (const { act, answer, rev, name, payload } of queue.splice(0, count)) {
    if (!act) assert.equal(model.receive(rev, name, payload), 'applied');
    else if (answer.ok) model.accepted(act, answer);
    else model.refused(act);
  }
}

function ownAct(view, random) {
  const pick = (items) => items[random(items.length)];
  const lists = listsOf(view);
  const cards = [...view.cards.values()];
  const list = pick(lists).id;
  if (cards.length === 0) return operations.createCard({ listId: list, name: `o${random(1e6)}` });
  const card = pick(cards).id;
  const acts = [
    operations.createCard({ listId: list, name: `o${random(1e6)}` }),
    operations.moveCard({ id: card, listId: list, pos: random(6) }),
    operations.moveCards({ ids: [...new Set([card, pick(cards).id])], listId: list, pos: random(6) }),
    operations.moveList({ id: list, pos: random(lists.length) }),
    operations.editCard({ id: card, changes: { name: `e${random(1e6)}` }, newMembers: ['2'], removedMembers: ['1'] }),
    operations.removeCard({ id: card }),
  ];
  if (lists.length < 8) acts.push(operations.createList({ name: `l${random(1e6)}` }));
  if (lists.length > 3) acts.push(operations.removeList({ id: list }));
  return pick(acts);
}
