import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../board/onBoard.mjs';
import { cardsOf, listsOf } from '../board/model/boardState.js';
import { fromSnapshot } from '../board/model/reducers.js';
import { archiveCard, createCard, editCard, moveCard, moveCards } from '../cards/operations.js';
import { moveList, removeList } from '../lists/operations.js';
import { inverseOf } from '../board/undoStack.js';

const model = { realId: (id) => id };

function board() {
  const cards = (listId, ...ids) => Object.fromEntries(ids.map((id, pos) => [id, { name: `card ${id}`, cardDesc: '', pos, listId, attachedFiles: {}, members: {} }]));
  return fromSnapshot({
    id: 1, name: 'p', ownerName: 'o', members: {},
    lists: {
      1: { name: 'A', listDesc: '', pos: 0, attachedFiles: {}, cards: cards(1, 11, 12, 13, 14) },
      2: { name: 'B', listDesc: '', pos: 1, attachedFiles: {}, cards: cards(2, 21, 22) },
      3: { name: 'C', listDesc: '', pos: 2, attachedFiles: {}, cards: {} },
    },
  });
}

function shown(state) {
  return listsOf(state).map((list) => [list.name, cardsOf(state, list.id).map(({ id }) => id)]);
}

for (const [name, operation] of Object.entries({
  'a card within its list': moveCard({ id: '12', listId: '1', pos: 3 }),
  'a card to another list': moveCard({ id: '12', listId: '2', pos: 0 }),
  'cards to the top of their own list': moveCards({ ids: ['13', '14'], listId: '1', pos: 0 }),
  'cards of several lists': moveCards({ ids: ['11', '21', '13'], listId: '3', pos: 0 }),
  'a list': moveList({ id: '1', pos: 2 }),
  'a list with its cards': removeList({ id: '1' }),
  'an archived card': archiveCard({ id: '12' }),
})) {
  test(`taken back: ${name}`, () => {
    const before = board();
    const after = operation.apply(before, model);
    assert.notDeepEqual(shown(after), shown(before));
    const back = inverseOf(operation, before).create(7);
    assert.deepEqual(shown(back.apply(after, model)), shown(before));
    assert.equal(back.payload(Number, model).undoes, 7);
  });
}

test('what changes nothing, or cannot be taken back, has no way back', () => {
  const before = board();
  assert.equal(inverseOf(moveCard({ id: '12', listId: '1', pos: 1 }), before), null);
  assert.equal(inverseOf(moveList({ id: '3', pos: 99 }), before), null);
  assert.equal(inverseOf(editCard({ id: '12', changes: { name: before.cards.get('12').name } }), before), null);
  assert.equal(inverseOf(editCard({ id: '99', changes: { name: 'x' } }), before), null);
  assert.equal(inverseOf(archiveCard({ id: '99' }), before), null);
});

test('what was made a moment ago and moved to its place is not moved back', () => {
  const made = createCard({ listId: '1', name: 'x' });
  const state = made.apply(board(), model);
  assert.equal(inverseOf(moveCard({ id: made.temporaryId, listId: '1', pos: 0 }), state), null);
});

test('several cards that went one by one come back to their places from the last to the first', () => {
  const before = board();
  let state = before;
  const backs = [];
  for (const id of ['12', '11', '14']) {
    const operation = archiveCard({ id });
    backs.unshift(inverseOf(operation, state).create(7));
    state = operation.apply(state, model);
  }
  assert.deepEqual(shown(backs.reduce((now, back) => back.apply(now, model), state)), shown(before));
});
