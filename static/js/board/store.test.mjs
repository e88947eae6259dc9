/** What the store restores after refusals, and what it takes over from closed tabs. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

const kept = new Map();
const storage = new Proxy({
  getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => kept.set(name, text), removeItem: (name) => kept.delete(name),
}, { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });

// The parts of a browser that a store uses.
const win = new EventTarget();
Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
Object.assign(globalThis, {
  location: { search: '' }, document: Object.assign(new EventTarget(), { visibilityState: 'visible', documentElement: { lang: 'en' }, getElementById: () => null }),
  addEventListener: win.addEventListener.bind(win), removeEventListener: win.removeEventListener.bind(win),
});
const { BoardStore } = await import('./store.js');
const operations = await import('./model/allOperations.mjs');
const { thisTab } = await import('../lib/tabs.js');
const { extensions } = await import('./extensions.js');

extensions.register('votes', (board) => {
  board.addStates(['voters']);
  board.addMessages({ voters_changed: (store, voters) => store.set('voters', voters) });
});

const settle = async () => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => { setImmediate(resolve); });
};

let store;
let emitted;
let refuse;
let sent;
let receive;

function open() {
  const list = (name, pos, cards) => ({ name, listDesc: '', pos, attachedFiles: {}, cards });
  const card = { name: 'x', cardDesc: '', pos: 0, attachedFiles: {}, members: {} };
  store = new BoardStore({
    rev: 5, currentUserId: 7, currentUserRole: 'owner', may: {}, project: { id: 1, name: 'p', ownerName: 'o', members: {}, lists: { 1: list('a', 0, { 11: card }), 2: list('b', 1, {}) } },
  });
  sent = [];
  const channel = {
    state: 'online', onConnect: (listener) => { listener(); return () => {}; },
    onAny: (listener) => {
      receive = listener;
      return () => {};
    },
    emit: async (event, data) => {
      if (event === 'join_project_room') return { rev: 5 };
      sent.push(data.name ?? event);
      const code = refuse(event, data);
      if (code === 'wait') return new Promise(() => {});
      if (code) throw Object.assign(new Error('why'), { code });
      return { ok: true, rev: 5 };
    },
  };
  store.open({ channel: (name) => (name === '/' ? { onAny: () => () => {} } : channel), watch: () => {} });
  emitted = [];
  const { signal } = new AbortController();
  for (const name of ['draft', 'conflict', 'refused', 'returned']) store.on(name, (detail) => emitted.push([name, detail]), signal);
}

beforeEach(() => {
  kept.clear();
  thisTab().heartbeat();
  refuse = () => null;
  open();
});

afterEach(() => store.close());

const composer = (name) => store.drafts.ofComposer(name);

test('several refused cards are all restored, in order, after the typed text', async () => {
  composer('newCard:1').set('typed');
  refuse = () => 'forbidden';
  await store.doAll(['a', 'b', 'c'].map((name) => operations.createCard({ listId: '1', name, desc: name === 'b' ? 'more' : '' })));
  assert.equal(composer('newCard:1').get(), 'typed\na\nb\nmore\nc');
  assert.deepEqual(emitted.filter(([name]) => name === 'draft').map(([, { text }]) => text), ['a', 'b\nmore', 'c']);
  assert.deepEqual(emitted.find(([name]) => name === 'refused')[1].message, 'why');
});

test('a refused list is restored to its composer, its cards to the returned texts', async () => {
  refuse = (event) => (event === 'create_list' ? 'forbidden' : null);
  const list = operations.createList({ name: 'list' });
  await store.doAll([list, operations.createCard({ listId: list.temporaryId, name: 'one' }), operations.createCard({ listId: list.temporaryId, name: 'two' })]);
  assert.equal(composer('newList').get(), 'list');
  assert.equal(store.drafts.get('returned'), 'one\n\ntwo');
  assert.deepEqual(sent, ['list']);
  assert.equal(emitted.filter(([name]) => name === 'refused').length, 1, 'reported once');
});

test('a second refused list replaces nothing', async () => {
  refuse = () => 'forbidden';
  await store.doAll([operations.createList({ name: 'first' }), operations.createList({ name: 'second' })]);
  assert.equal(composer('newList').get(), 'first');
  assert.equal(store.drafts.get('returned'), 'second');
  store.refusedTexts.discard();
  assert.equal(store.drafts.get('returned'), '');
});

for (const [code, event] of [['conflict', 'conflict'], ['invalid', 'draft']]) {
  test(`a text refused as ${code} is a draft again, with the text it edits`, async () => {
    refuse = () => code;
    await store.do(operations.editCard({ id: '11', changes: { desc: 'mine' }, base: { desc: 'before' } }));
    assert.deepEqual(store.drafts.of('card:11:desc').get(), { text: 'mine', base: 'before' });
    assert.deepEqual(emitted.filter(([name]) => name === event), [[event, { kind: 'card', id: '11' }]]);
    assert.equal(emitted.filter(([name]) => name === 'refused').length, code === 'conflict' ? 0 : 1);
  });
}

test('a newer draft is not replaced by a refused text: both are kept', async () => {
  store.drafts.of('card:11:desc').set('newer', '');
  refuse = () => 'invalid';
  await store.do(operations.editCard({ id: '11', changes: { desc: 'older' } }));
  assert.equal(store.drafts.of('card:11:desc').get().text, 'newer');
  assert.equal(store.drafts.get('returned'), 'older');
});

test('the text of a removed card is returned', async () => {
  refuse = () => 'notFound';
  await store.do(operations.editCard({ id: '404', changes: { name: 'name', desc: 'text' } }));
  assert.equal(store.drafts.get('returned'), 'name\n\ntext');
});

test('operations of a closed tab are sent once; expired ones become drafts; open tabs keep theirs', async () => {
  store.close();
  const record = (name, at) => ({ type: 'createCard', args: { listId: '1', name, desc: '', files: {}, members: [], temporaryId: `new${name}` }, actionId: `action-${name}`, at });
  kept.set('pending:7:1:closed', JSON.stringify([record('fresh', Date.now() - 1000), record('old', Date.now() - 13 * 3600 * 1000)]));
  kept.set('pending:7:1:alive', JSON.stringify([record('theirs', Date.now())]));
  kept.set('tab:alive', String(Date.now()));
  kept.set('pending:8:1:closed', JSON.stringify([record('of another person', Date.now())]));
  open();
  await settle();
  assert.deepEqual(sent, ['fresh']);
  assert.equal(composer('newCard:1').get(), 'old');
  assert.deepEqual([...kept.keys()].filter((name) => name.startsWith('pending:')).sort(), ['pending:7:1:alive', 'pending:8:1:closed']);
});

test('leaving the page with an operation in flight asks only if it could not be persisted', () => {
  refuse = () => 'wait';
  assert.equal(store.hasUnsaved, false);
  store.do(operations.editCard({ id: '11', changes: { name: 'n' } }));
  assert.equal(store.hasUnsaved, false);
  Object.defineProperty(globalThis, 'localStorage', { get() { throw new Error('blocked'); }, configurable: true });
  store.do(operations.editCard({ id: '11', changes: { name: 'm' } }));
  assert.equal(store.hasUnsaved, true);
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
});

test('an event without a revision goes to the module that handles it, before and after an element watches its state', () => {
  const seen = [];
  receive('voters_changed', [{ people: ['ana'] }]);
  store.watch('voters', ({ people }) => seen.push(...people), new AbortController().signal);
  receive('voters_changed', [{ people: ['ben'] }]);
  assert.deepEqual(seen, ['ana', 'ben']);
});

test('an event that no module handles is reported; one about the membership and a confirmation for old clients are not', (t) => {
  const report = t.mock.method(console, 'error', () => {});
  globalThis.reportsUnknownEvents = true;
  t.after(() => { delete globalThis.reportsUnknownEvents; });
  for (const name of ['create_card_successful', 'successfully_left_project', 'change_project_owner_error_invalid_target']) receive(name, [{}]);
  receive('now_collab_of_project', [{ id: 99 }]);
  assert.equal(report.mock.callCount(), 0);
  receive('votes_opened', [{}]);
  assert.match(report.mock.calls[0].arguments[0], /"votes_opened"/);
});
