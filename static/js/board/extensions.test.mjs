/** What modules register on the board takes effect, and an incomplete or doubled registration says how to fix it. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Extensions, extensions, unchanged } from './extensions.js';
import './onBoard.mjs';
import { BoardModel } from './model/boardModel.js';
import { patchCardPart } from './model/changes.js';
import { editCardPart, withBoardPart } from './model/boardState.js';
import { deserialize, operation, serialize, shownId } from './model/operations.js';
import { changedElementIds, editedElements } from './view/changedElements.js';
import { filterFrom, isFiltering, passes, queryWith } from './model/filterRule.js';
import { cardSchema } from '../cards/schema.js';
import { fillCard } from '../cards/view.js';

// A module that counts votes for cards; `limit` is a setting of the board.
const vote = ({ id }) => operation('vote', { id }, {
  event: 'vote', needs: [id], payload: (real) => ({ id: real(id) }),
  apply: (state, model) => editCardPart(state, shownId(state.cards, id, model), 'votes', (votes) => votes + 1),
});

extensions.register('votes', (board) => {
  board.addCardPart('votes', { read: (votes = 0) => votes, fill: (element, votes, { parts }) => { element.votes = `${votes} of ${parts.voteLimit}`; } });
  board.addBoardPart('voteLimit', { read: ({ voteLimit = 3 }) => voteLimit });
  board.addReducers({
    card_voted: (state, { id, votes }) => patchCardPart(state, id, 'votes', () => votes),
    votes_exported: unchanged,
    vote_limit: (state, { limit }) => withBoardPart(state, 'voteLimit', limit),
  });
  board.addConsequences({ project_collab_removed: (state) => editCardPart(state, '11', 'votes', (votes) => votes - state.members.size) });
  board.addOperations({ vote });
  board.addFacet({ name: 'votes', label: () => 'Votes', hasAny: true, choices: () => [], valuesOf: ({ parts }) => parts.voters ?? [] });
  board.addChangedElements({ card_voted: editedElements('card', cardSchema) });
});

function model() {
  const card = (pos, parts) => ({ name: 'x', cardDesc: '', pos, attachedFiles: {}, members: {}, ...(parts && { parts }) });
  return new BoardModel({
    rev: 5, project: { id: 1, name: 'p', ownerName: 'o', members: {}, voteLimit: 7, lists: { 1: { name: 'a', listDesc: '', pos: 0, attachedFiles: {}, cards: { 11: card(0, { votes: 2 }), 12: card(1) } } } },
  });
}

const votesOf = (board, id) => board.view.cards.get(id).parts.votes;

test('a part of a card is read from the snapshot and from new cards, and stays when texts change', () => {
  const board = model();
  assert.deepEqual([votesOf(board, '11'), votesOf(board, '12'), board.view.parts.voteLimit], [2, 0, 7]);
  board.receive(6, 'build_new_card', { id: 13, listId: 1, pos: 2, name: 'new', parts: { votes: 4 } });
  board.receive(7, 'update_card', { id: 11, name: 'y', cardDesc: '', newMembers: [], removedMembers: [] });
  assert.deepEqual([votesOf(board, '13'), votesOf(board, '11'), board.view.cards.get('11').name], [4, 2, 'y']);
});

test('a module\'s event changes its part; one about an unknown card asks for a snapshot', () => {
  const board = model();
  const before = board.view;
  assert.equal(board.receive(6, 'card_voted', { id: 12, votes: 1 }), 'applied');
  assert.deepEqual([votesOf(board, '12'), before.cards.get('12').parts.votes], [1, 0]);
  assert.equal(board.receive(7, 'vote_limit', { limit: 1 }), 'applied');
  assert.equal(board.view.parts.voteLimit, 1);
  assert.equal(board.receive(8, 'card_voted', { id: 99, votes: 1 }), 'diverged');
});

test('a module changes its part after an event of another module, which has changed the state by then', () => {
  const board = model();
  board.receive(6, 'new_project_collab', { id: 7, name: 'ben', picUrl: '', goToUrl: '/ben', role: 'admin' });
  board.receive(7, 'new_project_collab', { id: 8, name: 'ida', picUrl: '', goToUrl: '/ida', role: 'admin' });
  assert.equal(board.receive(8, 'project_collab_removed', { id: 7 }), 'applied');
  assert.deepEqual([[...board.view.members.keys()], votesOf(board, '11')], [['8'], 1]);
});

const withVotes = (card, votes) => ({ ...card, parts: { ...card.parts, votes } });

test('a card is alike if its parts are, and a changed part is highlighted unless it was shown before', () => {
  const board = model();
  const before = board.view;
  const event = { name: 'card_voted', payload: { id: 12, votes: 1 } };
  assert.equal(cardSchema.sameContent(before.cards.get('12'), withVotes(before.cards.get('12'), 0)), true);
  board.receive(6, event.name, event.payload);
  assert.equal(cardSchema.sameContent(before.cards.get('12'), board.view.cards.get('12')), false);
  assert.deepEqual([changedElementIds(event, before, board.view), changedElementIds(event, board.view, board.view)], [['c-12'], []]);
});

test('a module\'s operation is shown at once, reverted by a refusal, and survives a reload', () => {
  const board = model();
  const own = vote({ id: '11' });
  board.add(own);
  assert.equal(votesOf(board, '11'), 3);
  const [again] = deserialize(structuredClone([serialize(own, board)])).operations;
  assert.deepEqual([again.event, again.payload(Number), again.actionId], ['vote', { id: 11 }, own.actionId]);
  board.refused(own);
  assert.equal(votesOf(board, '11'), 2);
});

test('an unknown event is reported once, and only where that is asked for', (t) => {
  const report = t.mock.method(console, 'error', () => {});
  const board = model();
  board.receive(6, 'from_the_future', {});
  assert.equal(report.mock.callCount(), 0);
  globalThis.reportsUnknownEvents = true;
  board.receive(7, 'from_the_future', {});
  board.receive(8, 'from_the_future', {});
  board.receive(9, 'votes_exported', {});
  assert.equal(report.mock.callCount(), 1);
  assert.match(report.mock.calls[0].arguments[0], /no module handles the event "from_the_future": add a reducer/);
});

afterEach(() => { delete globalThis.reportsUnknownEvents; });

test('a part is drawn into the card with what the board knows', () => {
  const { view } = model();
  const node = () => ({ children: [], classList: { toggle() {} }, dataset: {}, setAttribute() {}, replaceChildren() {}, querySelector: () => node() });
  const element = node();
  fillCard(element, view.cards.get('11'), view);
  assert.equal(element.votes, '2 of 7');
});

test('a facet lets cards with all chosen values pass, or with any of them, and is kept in the address', () => {
  const card = (...voters) => ({ name: '', desc: '', members: [], parts: { voters } });
  const shown = (filter) => [card('1', '2'), card('1'), card('3')].map((each) => passes(each, filter));
  assert.deepEqual(shown({ text: '', votes: ['1', '2'] }), [true, false, false]);
  assert.deepEqual(shown({ text: '', votes: ['1', '2'], any: ['votes'] }), [true, true, false]);
  assert.deepEqual(shown({ text: '', any: ['votes'] }), [true, true, true]);
  const filter = { text: '', votes: ['1', '2'], any: ['votes'] };
  assert.equal(isFiltering(filter), true);
  assert.deepEqual(filterFrom(queryWith('?card=3', filter)), filter);
  assert.deepEqual(filterFrom('?votes=1,<b>,x&any=members,unknown'), { text: '', votes: ['1'] });
});

test('actions are offered for one card or several, in the order they declare', () => {
  const board = new Extensions();
  const action = (name, order, more) => ({ name, order, text: () => name, run() {}, ...more });
  board.register('late', (each) => each.addCardActions([action('last', 900), action('menu', 100, { for: 'one' })]));
  board.register('votes', (each) => each.addCardActions([action('vote', 350), action('all', 100, { for: 'several' })]));
  const names = (count) => board.cardActions(count).map(({ name }) => name);
  assert.deepEqual([names(1), names(2)], [['menu', 'vote', 'last'], ['all', 'vote', 'last']]);
});

test('a key on a card is tried before the same key on the board; the sheet has what has a help text, in order, and what elements handle themselves', () => {
  const board = new Extensions();
  board.register('lists', (each) => each.addKeys([{ key: 'v', run() {} }, { key: 'z', run() {}, help: () => 'z', order: 600 }]));
  board.register('votes', (each) => each.addKeys([{ key: 'v', on: 'card', run() {}, help: () => 'v' }]));
  assert.deepEqual(board.keysFor('v').map(({ on }) => on), ['card', 'board']);
  assert.deepEqual(board.keysFor('b'), []);
  board.register('board', (each) => each.addKeyHelp([{ shown: ['↑', '↓'], order: 550, help: () => 'arrows' }, { shown: 'Esc', order: 700, help: () => 'escape' }]));
  assert.deepEqual(board.keyHelp.map(({ shown, help }) => [shown, help()]), [['V', 'v'], [['↑', '↓'], 'arrows'], ['Z', 'z'], ['Esc', 'escape']]);
  assert.deepEqual(board.keysFor('Esc'), [], 'a line is no shortcut');
});

test('what a module reads from a typed card is taken out of it, one module after the other', () => {
  const board = new Extensions();
  const token = (sign) => (card) => (card.name.endsWith(sign) ? { card: { ...card, name: card.name.slice(0, -sign.length) }, operations: (id) => [`${id}${sign}`] } : null);
  board.register('votes', (each) => each.addComposerToken('votes', token(' +1')));
  board.register('labels', (each) => each.addComposerToken('labels', token(' #a')));
  const read = (name) => {
    const { card, operations } = board.readTyped({ name, desc: 'd' });
    return [card, operations('new')];
  };
  assert.deepEqual(read('x'), [{ name: 'x', desc: 'd' }, []]);
  assert.deepEqual(read('x #a +1'), [{ name: 'x', desc: 'd' }, ['new +1', 'new #a']]);
});

test('a name that is taken and a registration that lacks something are errors that say which file and what to do', () => {
  const refused = (register, ...before) => {
    const board = new Extensions();
    for (const each of before) board.register('other', each);
    try {
      board.register('votes', register);
    } catch ({ message }) {
      return message;
    }
    return 'nothing';
  };
  const reducers = (board) => board.addReducers({ card_voted: unchanged });
  assert.equal(refused(reducers, reducers),
    'static/js/votes/onBoard.js adds the reducer of the event "card_voted", which static/js/other/onBoard.js has added: one of them needs another name.');
  assert.match(refused(undefined), /^static\/js\/votes\/onBoard\.js has no default export that is a function: write `export default/);
  assert.match(refused((board) => board.addReducers({ card_voted: undefined })), /the reducer of the event "card_voted" with something else than a function/);
  assert.match(refused((board) => board.addCardPart('votes', {})), /the part of cards "votes" with no function "read": add it/);
  assert.match(refused((board) => board.addUndo({ vote: { inverse: () => null } })), /inverse operation "vote" with no function "done"/);
  assert.match(refused((board) => board.addFacet({ name: 'votes', label: () => '', choices: () => [] })), /facet "votes" with no function "valuesOf"/);
  assert.match(refused((board) => board.addCardActions([{ text: () => '', run() {} }])), /an action on cards without a name|a action on cards without a name/);
  assert.match(refused((board) => board.addKeys([{ key: 'v', on: 'list', run() {} }])), /the key "v" on "list": write on: "card"/);
  const key = (board) => board.addKeys([{ key: 'v', on: 'card', run() {} }]);
  assert.match(refused(key, key), /the key "v on card", which/);
  assert.equal(refused((board) => board.addKeys([{ key: 'v', run() {} }]), key), 'nothing', 'a card and the board may have the same key');
});
