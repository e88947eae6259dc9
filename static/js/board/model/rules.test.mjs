import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../onBoard.mjs';
import { fromSnapshot } from './reducers.js';
import { cardPosition, listPosition } from './boardState.js';
import { countShown, filterFrom, isFiltering, passes, queryWith } from './filterRule.js';

function card(pos, name, members = {}) {
  return { name, cardDesc: '', pos, attachedFiles: {}, members };
}

const state = fromSnapshot({
  id: 1, name: 'p', ownerName: 'o', members: {},
  lists: {
    1: { name: 'a', listDesc: '', pos: 0, cards: { 11: card(0, 'Alpha', { 5: 1 }), 12: card(1, 'Beta', { 5: 1, 6: 1 }), 13: card(2, 'Gamma') } },
    2: { name: 'b', listDesc: '', pos: 1, cards: {} },
  },
});

test('a filter asks for the text and for everyone chosen', () => {
  const beta = state.cards.get('12');
  assert.equal(passes(beta, { text: 'BET', members: ['5', '6'] }), true);
  assert.equal(passes(beta, { text: '', members: ['7'] }), false);
  assert.deepEqual(countShown(state, { text: 'a', members: ['5'] }), { shown: 2, all: 3 });
});

test('a filter is kept in the address, with its other parameters', () => {
  const filter = { text: 'ä & b', members: ['5', '6'] };
  const query = queryWith('?card=12', filter);
  assert.deepEqual(filterFrom(query), filter);
  assert.equal(new URLSearchParams(query).get('card'), '12');
  assert.equal(queryWith(query, { text: '', members: [] }), '?card=12');
  assert.deepEqual(filterFrom('?members=x,5,'), { text: '', members: ['5'] });
  assert.equal(isFiltering(filterFrom('')), false);
});

test('a drop position is an index without the dropped card', () => {
  assert.equal(cardPosition(state, { ids: ['11'], listId: '1', before: '12', after: '13' }), 1);
  assert.equal(cardPosition(state, { ids: ['13'], listId: '1', before: undefined, after: '11' }), 0);
  assert.equal(cardPosition(state, { ids: ['11'], listId: '2' }), 0);
  assert.equal(cardPosition(state, { ids: ['11'], listId: '1', before: '99', after: '13' }), 1, 'the one before is removed');
  assert.equal(cardPosition(state, { ids: ['11'], listId: '1', before: '99', after: '98' }), 2, 'both are removed: the end');
  assert.equal(listPosition(state, { id: '2', before: undefined, after: '1' }), 0);
});
