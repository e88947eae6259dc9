/** The outbox against a server that answers whatever a test wants. What counts is what was sent, how often, in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoardModel } from '../model/boardModel.js';
import * as operations from '../model/allOperations.mjs';
import { Outbox } from './outbox.js';

const settle = () => new Promise((resolve) => { setImmediate(resolve); });
const refusal = (code, more = {}) => Object.assign(new Error(more.message ?? ''), { code, ...more });

/** Two lists: 1 with the cards 11 and 12, 2 with the card 21. */
function model() {
  const card = (name, pos) => ({ name, cardDesc: '', pos, attachedFiles: {}, members: {} });
  const list = (name, pos, cards) => ({ name, listDesc: '', pos, attachedFiles: {}, cards });
  return new BoardModel({
    rev: 5, project: { id: 1, name: 'p', ownerName: 'o', members: {}, lists: { 1: list('a', 0, { 11: card('x', 0), 12: card('y', 1) }), 2: list('b', 1, { 21: card('z', 0) }) } },
  });
}

/** A server that keeps every event until the test answers it, and an outbox that is connected to it. */
class Bench {
  sent = [];
  open = [];
  silences = 0;
  why = [];
  persisted = [];
  rev = 5;

  constructor() {
    this.model = model();
    this.outbox = new Outbox(this.model, (event, data) => this.#emit(event, data), () => { this.silences += 1; }, {
      put: (records) => { this.persisted = structuredClone(records); },
    }, { onWaiting: (why) => this.why.push(why) });
    this.outbox.resume();
  }

  #emit(event, data) {
    this.sent.push(nameOf(event, data));
    return new Promise((resolve, reject) => { this.open.push({ name: nameOf(event, data), event, data, resolve, reject }); });
  }

  /** Takes what was sent since the last time. */
  news() {
    return this.sent.splice(0);
  }

  #take(name) {
    const index = this.open.findIndex((one) => one.name === name);
    assert.notEqual(index, -1, `${name} is not under way: ${this.open.map((one) => one.name)}`);
    return this.open.splice(index, 1)[0];
  }

  async answer(name, more = {}) {
    this.rev += 1;
    this.#take(name).resolve({ ok: true, rev: this.rev, ...more });
    await settle();
  }

  async refuse(name, code, more) {
    this.#take(name).reject(refusal(code, more));
    await settle();
  }

  /** The connection breaks, and comes back. */
  async break() {
    for (const { reject } of this.open.splice(0)) reject(refusal('offline'));
    await settle();
    this.outbox.resume();
    await settle();
  }

  submit(operation) {
    const result = { state: 'pending' };
    this.outbox.submit(operation).then((answer) => Object.assign(result, { state: 'done', answer }), (error) => Object.assign(result, { state: 'refused', error }));
    return result;
  }
}

const nameOf = (event, data) => data.name ?? `${event} ${data.id ?? data.ids}`;
const rename = (id, name) => operations.editCard({ id, changes: { name } });
const create = (listId, name) => operations.createCard({ listId, name });

test('operations are sent at once and in order, without waiting for answers', async () => {
  const bench = new Bench();
  for (const name of ['1', '2', '3']) bench.submit(create('1', name));
  await settle();
  assert.deepEqual(bench.news(), ['1', '2', '3']);
  for (const name of ['3', '1', '2']) await bench.answer(name, { id: Number(name) + 100 });
  assert.deepEqual(bench.news(), []);
  assert.deepEqual(bench.persisted, []);
});

test('an operation waits for the ids it needs, others overtake it', async () => {
  const bench = new Bench();
  const card = create('1', 'new');
  bench.submit(card);
  bench.submit(rename(card.temporaryId, 'renamed'));
  bench.submit(rename('21', 'elsewhere'));
  await settle();
  assert.deepEqual(bench.news(), ['new', 'elsewhere']);
  await bench.answer('new', { id: 77 });
  assert.deepEqual(bench.news(), ['renamed']);
  assert.equal(bench.open.find(({ name }) => name === 'renamed').data.id, 77);
});

test('every attempt has the same action id', async () => {
  const bench = new Bench();
  bench.submit(rename('11', 'n'));
  await settle();
  const [{ data: first }] = bench.open;
  await bench.break();
  const [{ data: second }] = bench.open;
  assert.match(first.actionId, /^[\w-]{8,64}$/);
  assert.equal(second.actionId, first.actionId);
});

test('poison message: after three disconnects it waits for the others, is sent alone, and is refused at the fourth', async () => {
  const bench = new Bench();
  const poison = bench.submit(rename('11', 'poison'));
  await settle();
  for (let breaks = 0; breaks < 3; breaks += 1) {
    assert.deepEqual(bench.news(), ['poison']);
    await bench.break();
  }
  assert.deepEqual(bench.news(), ['poison'], 'it is alone anyway');
  const typed = bench.submit(create('2', 'typed meanwhile'));
  await settle();
  assert.deepEqual(bench.news(), [], 'alone means alone');
  await bench.break();
  assert.equal(poison.state, 'refused');
  assert.equal(poison.error.code, 'broken');
  assert.deepEqual(bench.news(), ['typed meanwhile']);
  await bench.answer('typed meanwhile', { id: 99 });
  assert.equal(typed.state, 'done');
  assert.equal(bench.model.isBusy, true, 'until its event comes');
  assert.deepEqual(bench.persisted, []);
});

test('poison message between others: the others are accepted, in order', async () => {
  const bench = new Bench();
  const results = { a: bench.submit(rename('12', 'a')), poison: bench.submit(rename('11', 'poison')), b: bench.submit(rename('21', 'b')) };
  await settle();
  for (let breaks = 0; breaks < 3; breaks += 1) await bench.break();
  bench.news();
  // All three were under way each time, so each goes alone, the first first.
  assert.deepEqual(bench.open.map(({ name }) => name), ['a']);
  await bench.answer('a');
  assert.deepEqual(bench.news(), ['poison']);
  await bench.break();
  assert.equal(results.poison.error.code, 'broken');
  assert.deepEqual(bench.news(), ['b']);
  await bench.answer('b');
  assert.deepEqual([results.a.state, results.b.state], ['done', 'done']);
});

test('an operation that was not transmitted does not count a disconnect', async () => {
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  for (let i = 0; i < 10; i += 1) {
    await bench.refuse('n', 'offline', { sent: false });
    bench.outbox.resume();
    await settle();
  }
  assert.equal(edit.state, 'pending');
  bench.news();
  bench.submit(rename('21', 'other'));
  await settle();
  assert.deepEqual(bench.news(), ['other'], 'it need not go alone');
  await bench.answer('n');
  assert.equal(edit.state, 'done');
});

test('operations on the same card stay behind a suspect, others overtake it', async () => {
  const bench = new Bench();
  bench.submit(rename('11', 'first'));
  await settle();
  for (let breaks = 0; breaks < 2; breaks += 1) await bench.break();
  bench.outbox.pause();
  for (const { reject } of bench.open.splice(0)) reject(refusal('offline'));
  await settle();
  bench.submit(rename('11', 'second'));
  bench.submit(rename('21', 'other'));
  bench.news();
  bench.outbox.resume();
  await settle();
  assert.deepEqual(bench.news(), ['other']);
  await bench.answer('other');
  assert.deepEqual(bench.news(), ['first']);
  await bench.answer('first');
  assert.deepEqual(bench.news(), ['second']);
});

test('no answer: four attempts, each after catching up, then it is refused', async () => {
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  for (let tries = 1; tries <= 4; tries += 1) {
    assert.deepEqual(bench.news(), ['n']);
    await bench.refuse('n', 'timeout');
    assert.equal(bench.silences, tries);
    assert.deepEqual(bench.news(), [], 'not before the board has caught up');
    bench.outbox.resume();
    await settle();
  }
  assert.equal(edit.error.code, 'timeout');
  assert.deepEqual(bench.news(), []);
});

test('rate limited: nothing is sent for the seconds of retryAfter', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  bench.news();
  await bench.refuse('n', 'rateLimited', { retryAfter: 7 });
  assert.deepEqual(bench.why, ['rateLimited']);
  bench.submit(rename('21', 'other'));
  t.mock.timers.tick(6999);
  bench.outbox.resume(); // a reconnect does not make the server more patient
  await settle();
  assert.deepEqual(bench.news(), []);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(bench.news(), ['n', 'other']);
  await bench.answer('n');
  assert.equal(edit.state, 'done');
  assert.deepEqual(bench.why, ['rateLimited', null]);
});

test('of several pauses the longest counts', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const bench = new Bench();
  bench.submit(rename('11', 'a'));
  bench.submit(rename('21', 'b'));
  await settle();
  bench.news();
  await bench.refuse('a', 'rateLimited', { retryAfter: 9 });
  await bench.refuse('b', 'rateLimited', { retryAfter: 2 });
  t.mock.timers.tick(8999);
  await settle();
  assert.deepEqual(bench.news(), []);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(bench.news(), ['a', 'b']);
});

test('rate limited for ever: refused after 20 attempts', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  let tries = 0;
  for (; edit.state === 'pending' && tries < 50; tries += 1) {
    await bench.refuse('n', 'rateLimited', { retryAfter: 1 });
    t.mock.timers.tick(1000);
    await settle();
  }
  assert.deepEqual([tries, edit.error.code], [20, 'rateLimited']);
});

test('server unavailable: kept with a reason and retried with growing pauses while nothing is accepted', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  for (const pause of [1, 2, 4, 8, 16, 30, 30, 30, 30, 30]) {
    assert.deepEqual(bench.news(), ['n']);
    await bench.refuse('n', 'unavailable');
    t.mock.timers.tick(pause * 1000 - 1);
    await settle();
    assert.deepEqual(bench.news(), [], `not before ${pause} s`);
    t.mock.timers.tick(1);
    await settle();
  }
  assert.equal(bench.persisted.length, 1);
  assert.deepEqual(bench.why, ['unavailable']);
  await bench.answer('n');
  assert.equal(edit.state, 'done');
  assert.deepEqual(bench.why, ['unavailable', null]);
});

test('unavailable for one while others are accepted: refused at the fifth attempt', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  let tries = 0;
  for (; edit.state === 'pending' && tries < 50; tries += 1) {
    await bench.refuse('n', 'unavailable', { retryAfter: 1 });
    bench.submit(rename('21', `other ${tries}`));
    t.mock.timers.tick(1000);
    await settle();
    await bench.answer(`other ${tries}`);
  }
  assert.deepEqual([tries, edit.error.code], [5, 'unavailable']);
});

test('an internal error: three attempts', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  let tries = 0;
  for (; edit.state === 'pending' && tries < 50; tries += 1) {
    await bench.refuse('n', 'internal', { message: 'oh' });
    t.mock.timers.tick(60_000);
    await settle();
  }
  assert.deepEqual([tries, edit.error.code, edit.error.message], [3, 'internal', 'oh']);
});

for (const code of ['invalid', 'forbidden', 'notFound', 'conflict', 'tooLarge', 'somethingNew']) {
  test(`${code} is final: sent once, reverted, reported`, async () => {
    const bench = new Bench();
    const edit = bench.submit(rename('11', 'n'));
    const next = bench.submit(rename('21', 'next'));
    await settle();
    assert.equal(bench.model.view.cards.get('11').name, 'n');
    await bench.refuse('n', code, { message: 'why' });
    assert.deepEqual([edit.state, edit.error.code, edit.error.message], ['refused', code, 'why']);
    assert.equal(bench.model.view.cards.get('11').name, 'x');
    await bench.answer('next');
    assert.equal(next.state, 'done');
    assert.deepEqual(bench.news(), ['n', 'next']);
  });
}

test('deleting what does not exist succeeds; renaming it does not', async () => {
  const bench = new Bench();
  const [card, list] = [bench.submit(operations.removeCard({ id: '11' })), bench.submit(operations.removeList({ id: '2' }))];
  await settle();
  await bench.refuse('delete_card 11', 'notFound');
  await bench.refuse('delete_list 2', 'notFound');
  assert.deepEqual([card.state, list.state], ['done', 'done']);
});

test('the login has ended: nothing more is sent, everything is kept for the next page', async () => {
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  bench.news();
  await bench.refuse('n', 'unauthenticated');
  bench.submit(rename('21', 'more'));
  await settle();
  assert.equal(edit.state, 'pending');
  assert.deepEqual(bench.news(), []);
  assert.deepEqual(bench.persisted.map(({ args }) => args.changes.name), ['n', 'more']);
});

test('late and duplicate answers change nothing', async () => {
  const bench = new Bench();
  const edit = bench.submit(rename('11', 'n'));
  await settle();
  const [late] = bench.open;
  await bench.break();
  await bench.answer('n');
  assert.equal(edit.answer.rev, 6);
  late.resolve({ ok: true, rev: 99 });
  await settle();
  assert.deepEqual(bench.news(), ['n', 'n']);
  assert.equal(bench.model.rev, 5);
});

test('a refused creation refuses the operations that depend on it, with one message', async () => {
  const bench = new Bench();
  const list = operations.createList({ name: 'list' });
  const card = operations.createCard({ listId: list.temporaryId, name: 'card' });
  const results = [list, card, rename(card.temporaryId, 'renamed')].map((operation) => bench.submit(operation));
  await settle();
  assert.deepEqual(bench.news(), ['list']);
  await bench.refuse('list', 'invalid', { message: 'too long' });
  assert.deepEqual(results.map(({ error }) => [error.code, error.message, Boolean(error.follows)]), [
    ['invalid', 'too long', false], ['invalid', '', true], ['invalid', '', true],
  ]);
  assert.deepEqual(bench.news(), []);
  assert.equal(bench.model.isBusy, false);
});

test('without storage, leaving would lose operations in flight', async () => {
  for (const [kept, loses] of [[true, false], [false, true]]) {
    const outbox = new Outbox(model(), () => new Promise(() => {}), () => {}, { put: () => kept });
    assert.equal(outbox.hasUnsaved, false);
    outbox.submit(rename('11', 'n'));
    assert.equal(outbox.hasUnsaved, loses);
  }
});
