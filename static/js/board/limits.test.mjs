/** Limits and times of the page in numbers, not by their constants: the limit passes, one more does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './onBoard.mjs';
import { BoardModel } from './model/boardModel.js';
import { sortFiles } from '../files/rules.js';
import { passes } from './model/filterRule.js';
import { PendingStore } from './sync/pendingStore.js';
import { changedElementIds } from './view/changedElements.js';
import { oneCard, severalCards, tooLongBy } from '../cards/typed.js';
import { Drafts } from '../lib/drafts.js';
import { longestRise } from '../lib/reconcile.js';

const hour = 3_600_000;

function memory() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
}

test('a draft is kept for thirty days to the millisecond, per name and per scope', () => {
  let now = 1e12;
  const storage = memory();
  const drafts = new Drafts('1:7', storage, () => now);
  drafts.set('a', 'text');
  assert.equal(drafts.get('b'), '');
  assert.equal(new Drafts('2:7', storage, () => now).get('a'), '', 'another person\'s');
  assert.equal(new Drafts('1:7', storage, () => now).get('a'), 'text', 'another page\'s of the same person');
  now += 30 * 24 * hour - 1;
  assert.equal(drafts.get('a'), 'text');
  now += 1;
  assert.equal(drafts.get('a'), '');
});

test('operations of a closed tab are sent for twelve hours: the server stores action ids for a day', () => {
  const start = 1e12;
  const kept = new Map();
  const storage = {
    getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key),
    keys: (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
  };
  const tab = (scope, id, alive, now) => new PendingStore(scope, { storage, tabs: { id, isAlive: (other) => alive.includes(other) }, now: () => now });
  tab('1:7', 'gone', [], start).put([{ type: 'moveCard', at: start }]);
  const after = (ms, alive = []) => tab('1:7', 'next', alive, start + ms).takeOver();
  assert.deepEqual(tab('1:8', 'next', [], start).takeOver().fresh, [], 'another board\'s');
  assert.deepEqual(after(0, ['gone']).fresh, [], 'an open tab sends its own');
  assert.deepEqual(after(12 * hour - 1).fresh, [{ type: 'moveCard', at: start }]);
  assert.deepEqual([after(12 * hour).fresh, after(12 * hour).expired.length], [[], 1]);
  after(0).forget();
  assert.deepEqual(after(0).fresh, []);
});

test('as many files as the server says, as large as it says, names of 128 characters', () => {
  const file = (name, size = 1) => ({ name, size });
  const limits = { files: 3, size: 50_000_000 };
  const why = (chosen, existing = []) => sortFiles([chosen], existing, limits).refused.map((each) => each.why);
  assert.deepEqual(why(file('a', 50_000_000)), []);
  assert.deepEqual(why(file('a', 50_000_001)), ['size']);
  assert.deepEqual(why(file('ü'.repeat(128))), []);
  assert.deepEqual(why(file('ü'.repeat(129))), ['name']);
  assert.deepEqual(why(file('')), ['name']);
  assert.deepEqual(why(file('del\u007f')), ['name']);
  assert.deepEqual(why(file('a'), ['1', '2']), []);
  assert.deepEqual(why(file('a'), ['1', '2', '3']), ['count']);
});

test('a card\'s title has 256 characters, its description 2048; what exceeds them is not lost silently', () => {
  assert.deepEqual(oneCard('ü'.repeat(256)), { name: 'ü'.repeat(256), desc: '' });
  assert.deepEqual(oneCard('💡'.repeat(257)), { name: `${'💡'.repeat(255)}…`, desc: '💡'.repeat(257) });
  assert.equal([...oneCard(`a\n${'x'.repeat(2048)}`).desc].length, 2048);
  assert.equal(tooLongBy([oneCard(`a\n${'x'.repeat(2048)}`)]), 0);
  assert.equal(tooLongBy([oneCard('b'), oneCard(`a\n${'x'.repeat(2050)}`)]), 2);
  assert.deepEqual(severalCards('- one\r\n* two\n\n 3) three\n').map(({ name }) => name), ['one', 'two', 'three']);
});

const snapshot = () => ({
  rev: 10,
  project: {
    id: 1, name: 'p', ownerName: 'o', projectDesc: '', visibility: 'private', members: {},
    lists: { 1: { name: 'A', listDesc: '', pos: 0, attachedFiles: {}, cards: { 11: { name: 'x', cardDesc: '', pos: 0, attachedFiles: {}, members: {} } } } },
  },
});

const edit = (rev, name) => [rev, 'update_card', { id: 11, listId: 1, name, cardDesc: '', removedAttachedFiles: [], newAttachedFiles: [], newMembers: [], removedMembers: [], rev }];

test('a title that is shortened for 2.x clients is shown whole', () => {
  const model = new BoardModel(snapshot());
  const [, name, payload] = edit(11, 'short…');
  model.receive(11, name, { ...payload, title: 'short and the rest' });
  assert.equal(model.view.cards.get('11').name, 'short and the rest');
  model.receive(...edit(12, 'short'));
  assert.equal(model.view.cards.get('11').name, 'short');
});

test('events ahead of a gap are buffered and applied in order, once, when it is filled', () => {
  const model = new BoardModel(snapshot());
  const seen = [];
  model.subscribe(({ view }) => seen.push(view.cards.get('11').name));
  assert.equal(model.receive(...edit(13, 'c')), 'ahead');
  assert.equal(model.receive(...edit(12, 'b')), 'ahead');
  assert.equal(model.receive(...edit(13, 'c')), 'ahead');
  assert.equal(model.hasHole, true);
  assert.equal(model.receive(...edit(11, 'a')), 'applied');
  assert.deepEqual([model.rev, model.hasHole, seen], [13, false, ['a', 'b', 'c']]);
  assert.equal(model.receive(...edit(12, 'again')), 'old');
  assert.equal(model.view.cards.get('11').name, 'c');
});

test('at most a thousand events are buffered ahead of a gap', () => {
  const model = new BoardModel(snapshot());
  for (let rev = 12; rev < 1200; rev++) model.receive(...edit(rev, String(rev)));
  model.receive(...edit(11, 'first'));
  assert.equal(model.rev, 1011);
});

test('a snapshot drops buffered events up to its revision, and keeps later ones', () => {
  const model = new BoardModel(snapshot());
  model.receive(...edit(12, 'b'));
  model.receive(...edit(15, 'e'));
  model.load({ ...snapshot(), rev: 13 });
  assert.deepEqual([model.rev, model.hasHole], [13, true]);
  model.receive(...edit(14, 'd'));
  assert.deepEqual([model.rev, model.view.cards.get('11').name], [15, 'e']);
});

test('a snapshot that contains all buffered events closes the gap', () => {
  const model = new BoardModel(snapshot());
  model.receive(...edit(12, 'b'));
  model.load({ ...snapshot(), rev: 12 });
  assert.deepEqual([model.rev, model.hasHole], [12, false]);
});

test('an event that does not fit has diverged and leaves the board unchanged', () => {
  const model = new BoardModel(snapshot());
  const before = model.view;
  assert.equal(model.receive(11, 'update_card', { id: 99, name: 'x' }), 'diverged');
  assert.equal(model.receive(11, 'update_cards_pos', { cards: [{ id: 11, listId: 1, pos: 3 }], otherCardsPosChanges: [] }), 'diverged');
  assert.deepEqual([model.rev, model.view], [10, before]);
  assert.equal(model.receive(11, 'an_event_of_the_future', { id: 99 }), 'applied');
});

test('a removed list removes its cards, a removed member leaves all cards, and no member is on a card twice', () => {
  const page = snapshot();
  page.project.members = { 5: { name: 'ben' }, 6: { name: 'mia' } };
  page.project.lists[1].cards[11].members = { 5: 1, 6: 1 };
  page.project.lists[2] = { name: 'B', listDesc: '', pos: 1, attachedFiles: {}, cards: { 21: { name: 'y', cardDesc: '', pos: 0, attachedFiles: {}, members: { 5: 1 } } } };
  const model = new BoardModel(page);
  const [, , payload] = edit(11, 'x');
  assert.equal(model.receive(11, 'update_card', { ...payload, newMembers: ['5', '5'] }), 'applied');
  assert.deepEqual(model.view.cards.get('11').members, ['5', '6']);
  assert.equal(model.receive(12, 'project_collab_removed', { id: 5, rev: 12 }), 'applied');
  assert.deepEqual([...model.view.members.keys()], ['6']);
  assert.deepEqual([...model.view.cards.values()].map(({ members }) => members), [['6'], []]);
  assert.equal(model.receive(13, 'remove_list', { id: 1, listsPosChanges: [[2, -1]], rev: 13 }), 'applied');
  assert.deepEqual([...model.view.cards.keys()], ['21']);
  assert.deepEqual([...model.view.lists.values()].map(({ id, pos }) => [id, pos]), [['2', 0]]);
});

test('a change by another person is highlighted, a change that is shown already is not', () => {
  const model = new BoardModel(snapshot());
  const before = model.view;
  const [, name, payload] = edit(11, 'new');
  model.receive(11, name, payload);
  assert.deepEqual(changedElementIds({ name, payload }, before, model.view), ['c-11']);
  assert.deepEqual(changedElementIds({ name, payload }, model.view, model.view), []);
  assert.deepEqual(changedElementIds({ name: 'presence', payload: {} }, before, model.view), []);
  const moved = { cards: [{ id: 11 }], otherCardsPosChanges: [] };
  assert.deepEqual(changedElementIds({ name: 'update_cards_pos', payload: moved }, before, model.view), ['c-11']);
  assert.deepEqual(changedElementIds({ name: 'update_cards_pos', payload: moved }, before, before), []);
});

test('a filter by members requires all chosen members', () => {
  const card = { name: 'x', desc: '', members: ['5', '6'] };
  const lets = (...members) => passes(card, { text: '', members });
  assert.deepEqual([lets(), lets('5'), lets('5', '6'), lets('5', '7'), lets('7')], [true, true, true, false, false]);
});

test('the fewest moves: a longest increasing subsequence stays, new elements never do', () => {
  const size = (...numbers) => longestRise(numbers).size;
  assert.equal(size(), 0);
  assert.equal(size(0, 1, 2, 3), 4);
  assert.equal(size(3, 2, 1, 0), 1);
  assert.equal(size(1, 2, 3, 0), 3);
  assert.equal(size(-1, -1), 0);
  assert.equal(size(2, 0, -1, 1, 3), 3);
  assert.equal(size(1, 1, 1), 1);
});
