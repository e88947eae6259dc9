/** What the store gives back when the server refuses, and what it takes over from tabs that are gone. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

const kept = new Map();
const storage = new Proxy({
  getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => kept.set(name, text), removeItem: (name) => kept.delete(name),
}, { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });

// As much of a browser as a store looks at.
const win = new EventTarget();
Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
Object.assign(globalThis, {
  location: { search: '' }, document: Object.assign(new EventTarget(), { visibilityState: 'visible', documentElement: { lang: 'en' }, getElementById: () => null }),
  addEventListener: win.addEventListener.bind(win), removeEventListener: win.removeEventListener.bind(win),
});
const { BoardStore } = await import('./store.js');
const operations = await import('./operations.js');
const { thisTab } = await import('../lib/tabs.js');

const settle = async () => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => { setImmediate(resolve); });
};

let store;
let told;
let refuse;
let sent;

function open() {
  const list = (name, pos, cards) => ({ name, listDesc: '', pos, attachedFiles: {}, cards });
  const card = { name: 'x', cardDesc: '', pos: 0, attachedFiles: {}, members: {} };
  store = new BoardStore({
    rev: 5, currentUserId: 7, currentUserRole: 'owner', may: {}, project: { id: 1, name: 'p', ownerName: 'o', members: {}, lists: { 1: list('a', 0, { 11: card }), 2: list('b', 1, {}) } },
  });
  sent = [];
  const channel = {
    state: 'online', onConnect: (listener) => { listener(); return () => {}; }, onAny: () => () => {},
    emit: async (event, data) => {
      if (event === 'join_project_room') return { rev: 5 };
      sent.push(data.name ?? event);
      const code = refuse(event, data);
      if (code === 'wait') return new Promise(() => {});
      if (code) throw Object.assign(new Error('why'), { code });
      return { ok: true, rev: 5 };
    },
  };
  store.open({ channel: () => channel, watch: () => {} });
  told = [];
  const { signal } = new AbortController();
  for (const name of ['draft', 'conflict', 'refused', 'returned']) store.on(name, (detail) => told.push([name, detail]), signal);
}

beforeEach(() => {
  kept.clear();
  thisTab().beat();
  refuse = () => null;
  open();
});

afterEach(() => store.close());

const composer = (name) => store.drafts.ofComposer(name);

test('several cards that are refused all come back, in order, behind what is typed', async () => {
  composer('newCard:1').set('typed');
  refuse = () => 'forbidden';
  await store.doAll(['a', 'b', 'c'].map((name) => operations.createCard({ listId: '1', name, desc: name === 'b' ? 'more' : '' })));
  assert.equal(composer('newCard:1').get(), 'typed\na\nb\nmore\nc');
  assert.deepEqual(told.filter(([name]) => name === 'draft').map(([, { text }]) => text), ['a', 'b\nmore', 'c']);
  assert.deepEqual(told.find(([name]) => name === 'refused')[1].message, 'why');
});

test('a refused list comes back to its composer, its cards to the window of texts without a place', async () => {
  refuse = (event) => (event === 'create_list' ? 'forbidden' : null);
  const list = operations.createList({ name: 'list' });
  await store.doAll([list, operations.createCard({ listId: list.temporaryId, name: 'one' }), operations.createCard({ listId: list.temporaryId, name: 'two' })]);
  assert.equal(composer('newList').get(), 'list');
  assert.equal(store.drafts.get('returned'), 'one\n\ntwo');
  assert.deepEqual(sent, ['list']);
  assert.equal(told.filter(([name]) => name === 'refused').length, 1, 'said once');
});

test('a second refused list takes the place of nothing', async () => {
  refuse = () => 'forbidden';
  await store.doAll([operations.createList({ name: 'first' }), operations.createList({ name: 'second' })]);
  assert.equal(composer('newList').get(), 'first');
  assert.equal(store.drafts.get('returned'), 'second');
  store.forgetReturned();
  assert.equal(store.drafts.get('returned'), '');
});

for (const [code, event] of [['conflict', 'conflict'], ['invalid', 'draft']]) {
  test(`a text refused as ${code} is a draft again, with the text it was begun from`, async () => {
    refuse = () => code;
    await store.do(operations.editCard({ id: '11', changes: { desc: 'mine' }, base: { desc: 'before' } }));
    assert.deepEqual(store.drafts.of('card:11:desc').get(), { text: 'mine', base: 'before' });
    assert.deepEqual(told.filter(([name]) => name === event), [[event, { kind: 'card', id: '11' }]]);
    assert.equal(told.filter(([name]) => name === 'refused').length, code === 'conflict' ? 0 : 1);
  });
}

test('a newer draft is not replaced by a refused text: both are kept', async () => {
  store.drafts.of('card:11:desc').set('newer', '');
  refuse = () => 'invalid';
  await store.do(operations.editCard({ id: '11', changes: { desc: 'older' } }));
  assert.equal(store.drafts.of('card:11:desc').get().text, 'newer');
  assert.equal(store.drafts.get('returned'), 'older');
});

test('the text of a card that is gone has no place', async () => {
  refuse = () => 'notFound';
  await store.do(operations.editCard({ id: '404', changes: { name: 'name', desc: 'text' } }));
  assert.equal(store.drafts.get('returned'), 'name\n\ntext');
});

test('what a tab that is gone has left is sent once; what is too old is given back; open tabs keep theirs', async () => {
  store.close();
  const record = (name, at) => ({ recipe: 'createCard', args: { listId: '1', name, desc: '', files: {}, members: [], temporaryId: `new${name}` }, actionId: `action-${name}`, at });
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

test('a page that is left while something is under way asks only if it could not be persisted', () => {
  refuse = () => 'wait';
  assert.equal(store.hasUnsaved, false);
  store.do(operations.editCard({ id: '11', changes: { name: 'n' } }));
  assert.equal(store.hasUnsaved, false);
  Object.defineProperty(globalThis, 'localStorage', { get() { throw new Error('blocked'); }, configurable: true });
  store.do(operations.editCard({ id: '11', changes: { name: 'm' } }));
  assert.equal(store.hasUnsaved, true);
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
});
