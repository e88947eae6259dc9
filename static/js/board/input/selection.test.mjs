import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Selection } from './selection.js';

const order = ['1', '2', '3', '4', '5'];

function selected(...ids) {
  const selection = new Selection();
  for (const id of ids) selection.toggle(id);
  return selection;
}

test('a card is selected and deselected', () => {
  const selection = selected('2', '4');
  assert.deepEqual(selection.ids, ['2', '4']);
  selection.toggle('2');
  assert.deepEqual(selection.ids, ['4']);
  assert.equal(selection.has('2'), false);
});

test('a range extends from the anchor in both directions, and a new range replaces it', () => {
  const selection = selected('3');
  selection.extendTo('5', order);
  assert.deepEqual(selection.ids.sort(), ['3', '4', '5']);
  selection.extendTo('2', order);
  assert.deepEqual(selection.ids.sort(), ['2', '3']);
});

test('cards selected before stay selected when a range is extended', () => {
  const selection = selected('9', '1', '4');
  selection.extendTo('5', order);
  selection.extendTo('3', order);
  assert.deepEqual(selection.ids.sort(), ['1', '3', '4', '9']);
});

test('a range in another list starts at its first card', () => {
  const selection = selected('9');
  selection.extendTo('2', order);
  assert.deepEqual(selection.ids, ['9', '2'].sort().reverse());
  selection.extendTo('3', order);
  assert.deepEqual(selection.ids.sort(), ['2', '3', '9']);
});

test('a removed card leaves the selection, also as the anchor of a range', () => {
  const selection = selected('9', '2');
  selection.retain((id) => id !== '2');
  assert.deepEqual(selection.ids, ['9']);
  selection.extendTo('4', order);
  assert.deepEqual(selection.ids, ['9', '4']);
});

test('an action on a selected card applies to the selection, on another one only to that card', () => {
  const selection = selected('1', '2');
  assert.deepEqual(selection.targetsOf('2'), ['1', '2']);
  assert.deepEqual(selection.targetsOf('3'), ['3']);
});

test('a change is reported, and only a change', () => {
  let count = 0;
  const selection = new Selection(() => { count += 1; });
  selection.clear();
  selection.retain(() => true);
  assert.equal(count, 0);
  selection.toggle('1');
  selection.retain(() => true);
  selection.extendTo('1', order);
  assert.equal(count, 1);
  selection.clear();
  assert.deepEqual([count, selection.size], [2, 0]);
});
