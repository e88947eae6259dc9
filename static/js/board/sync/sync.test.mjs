import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoardModel } from '../model/boardModel.js';
import { cardsOf, listsOf } from '../model/boardState.js';
import * as operations from '../model/allOperations.mjs';
import { Outbox } from './outbox.js';
import { randomAct, randomOf } from '../model/randomBoard.mjs';
import { ReferenceBoard } from '../model/referenceBoard.mjs';
import { PendingStore } from './pendingStore.js';
import { Sync } from './sync.js';

/** A client of a ReferenceBoard whose connection can be cut at any moment, also between an event and its answer. */
class Client {
  online = false;
  cutBeforeAnswer = false;
  keep = 1000;
  asked = [];

  constructor(board, pendingStore) {
    this.board = board;
    this.model = new BoardModel(board.snapshot());
    this.sync = new Sync({
      model: this.model, channel: this, loadSnapshot: async () => board.snapshot(),
      onSynced: () => this.online && this.outbox.resume(), onClosed: (error) => { this.closedBy = error.code; },
    });
    this.outbox = new Outbox(this.model, (event, data) => this.emit(event, data), () => this.sync.catchUp(), pendingStore);
    this.received = board.rev;
  }

  connect() {
    this.online = true;
    this.received = this.board.rev;
    return this.sync.catchUp();
  }

  cut() {
    this.online = false;
    this.outbox.pause();
  }

  receive() {
    if (!this.online) return;
    for (const { name, payload, rev } of this.board.log) if (rev > this.received) this.sync.receive(name, [payload]);
    this.received = this.board.rev;
  }

  async emit(event, data) {
    this.asked.push(event);
    if (!this.online) throw Object.assign(new Error(), { code: 'offline' });
    if (event === 'join_project_room') return this.board.closed ? this.refuse('forbidden') : { ok: true, rev: this.board.rev };
    if (event === 'sync_project') return this.missed(data.sinceRev);
    const answer = this.board.handle(event, data);
    if (this.cutBeforeAnswer) {
      this.cut();
      throw Object.assign(new Error(), { code: 'offline' });
    }
    if (answer.error) return this.refuse(answer.error);
    return answer;
  }

  refuse(code) {
    throw Object.assign(new Error('refused'), { code });
  }

  missed(since) {
    const events = this.board.log.filter(({ rev }) => rev > since);
    return events.length > this.keep ? { ok: true, rev: this.board.rev, reset: true } : { ok: true, rev: this.board.rev, events };
  }
}

const settle = () => new Promise((resolve) => { setImmediate(resolve); });

function names(state) {
  return listsOf(state).map((list) => [list.name, cardsOf(state, list.id).map((card) => card.name)]);
}

function boardWith(seed, acts) {
  const board = new ReferenceBoard({});
  const random = randomOf(seed);
  for (let i = 0; i < acts; i += 1) board.handle(...randomAct(board.lists, random));
  return [board, random];
}

test('after a reconnect missed events are fetched, or a snapshot', async () => {
  for (const keep of [1000, 3]) {
    const [board, random] = boardWith(7, 20);
    const client = new Client(board);
    client.keep = keep;
    await client.connect();
    client.cut();
    for (let i = 0; i < 30; i += 1) board.handle(...randomAct(board.lists, random));
    await client.connect();
    assert.equal(client.model.rev, board.rev);
    assert.deepEqual(names(client.model.view), board.lists.map((list) => [list.name, list.cards.map((card) => card.name)]));
  }
});

test('a gap fetches the missing events', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const [board] = boardWith(8, 20);
  const client = new Client(board);
  await client.connect();
  board.handle('create_list', { name: 'lost', listDesc: '' });
  client.received = board.rev;
  board.handle('create_list', { name: 'heard', listDesc: '' });
  client.receive();
  assert.equal(client.model.hasHole, true);
  t.mock.timers.tick(1000);
  await settle();
  assert.equal(client.model.rev, board.rev);
});

test('operations during a lost connection are sent afterwards, once', async () => {
  const board = new ReferenceBoard({});
  const list = String(board.handle('create_list', { name: 'l', listDesc: '' }).id);
  const client = new Client(board);
  await client.connect();
  client.cut();
  const create = operations.createCard({ listId: list, name: 'offline' });
  const created = client.outbox.submit(create);
  const moved = client.outbox.submit(operations.editCard({ id: create.temporaryId, changes: { name: 'renamed' } }));
  assert.deepEqual(names(client.model.view), [['l', ['renamed']]]);
  await client.connect();
  await created;
  client.receive();
  await moved;
  client.receive();
  assert.deepEqual(names(client.model.view), [['l', ['renamed']]]);
  assert.deepEqual(board.lists[0].cards.map((card) => card.name), ['renamed']);
  assert.equal(client.model.isBusy, false);
});

test('a creation whose answer was lost is idempotent', async () => {
  const board = new ReferenceBoard({});
  const list = String(board.handle('create_list', { name: 'l', listDesc: '' }).id);
  const client = new Client(board);
  await client.connect();
  client.cutBeforeAnswer = true;
  const created = client.outbox.submit(operations.createCard({ listId: list, name: 'x' }));
  await settle();
  client.cutBeforeAnswer = false;
  await client.connect();
  await created;
  assert.equal(board.lists[0].cards.length, 1);
  assert.deepEqual(names(client.model.view), [['l', ['x']]]);
});

test('a move whose answer was lost does not overwrite a later move by another person', async () => {
  const board = new ReferenceBoard({});
  const list = board.handle('create_list', { name: 'l', listDesc: '' }).id;
  const [a] = ['a', 'b', 'c'].map((name) => board.handle('create_card', { listId: list, name, cardDesc: '', members: [] }).id);
  const client = new Client(board);
  await client.connect();
  client.cutBeforeAnswer = true;
  const moved = client.outbox.submit(operations.moveCard({ id: String(a), listId: String(list), pos: 2 }));
  await settle();
  board.handle('move_card', { id: a, listId: list, pos: 0 });
  client.cutBeforeAnswer = false;
  await client.connect();
  await moved;
  assert.deepEqual(names(client.model.view), [['l', ['a', 'b', 'c']]]);
  assert.equal(client.model.isBusy, false);
});

test('an unanswered operation survives a reload, whether the server received it or not', async () => {
  for (const reached of [true, false]) {
    const board = new ReferenceBoard({});
    const list = String(board.handle('create_list', { name: 'l', listDesc: '' }).id);
    const kept = new Map();
    const storage = {
      setItem: (name, text) => Boolean(kept.set(name, text)), getItem: (name) => kept.get(name) ?? null, removeItem: (name) => kept.delete(name),
      keys: (prefix) => [...kept.keys()].filter((name) => name.startsWith(prefix)),
    };
    const open = new Set(['a', 'b']);
    const pendingOf = (id) => new PendingStore('1:1', { storage, tabs: { id, isAlive: (other) => open.has(other) } });
    const client = new Client(board, pendingOf('a'));
    await client.connect();
    if (reached) client.cutBeforeAnswer = true;
    else client.cut();
    const create = operations.createCard({ listId: list, name: 'x' });
    client.outbox.submit(create);
    client.outbox.submit(operations.editCard({ id: create.temporaryId, changes: { desc: 'more' } }));
    await settle();
    assert.equal(board.lists[0].cards.length, reached ? 1 : 0);

    const pending = pendingOf('b');
    assert.deepEqual(pending.takeOver().fresh, [], 'not while the tab is open');
    open.delete('a');
    const { fresh, forget } = pending.takeOver();
    const reloaded = new Client(board, pending);
    const all = operations.deserialize(fresh).operations.map((operation) => reloaded.outbox.submit(operation));
    forget();
    await reloaded.connect();
    await Promise.all(all);
    reloaded.receive();
    assert.deepEqual(board.lists[0].cards.map(({ name, desc }) => [name, desc]), [['x', 'more']]);
    assert.deepEqual(names(reloaded.model.view), [['l', ['x']]]);
    assert.equal(kept.size, 0);
  }
});

test('an operation on an item that was answered before a reload has its id afterwards', async () => {
  const board = new ReferenceBoard({});
  const list = String(board.handle('create_list', { name: 'l', listDesc: '' }).id);
  const kept = [];
  const client = new Client(board, { put: (records) => kept.splice(0, Infinity, ...structuredClone(records)) });
  await client.connect();
  const create = operations.createCard({ listId: list, name: 'x' });
  await client.outbox.submit(create);
  client.cut();
  client.outbox.submit(operations.editCard({ id: create.temporaryId, changes: { desc: 'more' } }));
  const reloaded = new Client(board);
  const [edit] = operations.deserialize(kept).operations;
  await Promise.all([reloaded.outbox.submit(edit), reloaded.connect()]);
  assert.deepEqual(board.lists[0].cards.map(({ desc }) => desc), ['more']);
  assert.deepEqual(operations.deserialize([{ type: 'editCard', args: { id: 'newOfNobody' }, actionId: 'x' }, { type: 'unknown', args: {}, actionId: 'y' }]).operations, []);
});

test('records that an earlier version of the page has stored are read', () => {
  const { operations: [move, back] } = operations.deserialize([
    { recipe: 'moveCard', args: { id: '1', listId: '2', pos: 0 }, actionId: 'x', at: 5 },
    { recipe: 'putCardsBack', args: { spots: [{ id: '1', listId: '2', pos: 0 }], undoes: 4 }, actionId: 'y', at: 6 },
  ]);
  assert.deepEqual([move.event, move.actionId, move.at], ['move_card', 'x', 5]);
  assert.deepEqual(back.payload(Number), { undoes: 4, cards: [{ id: 1, listId: 2, pos: 0 }] });
});

test('contents of files are not serialized, and leaving would lose them', () => {
  const client = new Client(new ReferenceBoard({}), { put: () => true });
  assert.equal(client.outbox.hasUnsaved, false);
  client.outbox.submit(operations.editCard({ id: '1', changes: { name: 'x' } }));
  assert.equal(client.outbox.hasUnsaved, false);
  client.outbox.submit(operations.editCard({ id: '1', files: { added: { f: new ArrayBuffer(1) }, replaced: {}, removed: [] } }));
  assert.equal(client.outbox.hasUnsaved, true);
});

test('a refusal reverts the operation and all that depend on it', async () => {
  const board = new ReferenceBoard({});
  const list = String(board.handle('create_list', { name: 'l', listDesc: '' }).id);
  const client = new Client(board);
  await client.connect();
  board.handle('delete_list', { id: list });
  const create = operations.createCard({ listId: list, name: 'x' });
  const both = [client.outbox.submit(create), client.outbox.submit(operations.removeCard({ id: create.temporaryId }))];
  const results = await Promise.allSettled(both);
  assert.deepEqual(results.map(({ reason }) => reason.code), ['notFound', 'notFound']);
  assert.equal(client.model.isBusy, false);
});

test('denied access is reported', async () => {
  const [board] = boardWith(9, 5);
  board.closed = true;
  const client = new Client(board);
  await client.connect();
  assert.equal(client.closedBy, 'forbidden');
});
