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

test('a range goes from the card touched last, in both directions, and can be drawn anew', () => {
  const selection = selected('3');
  selection.extendTo('5', order);
  assert.deepEqual(selection.ids.sort(), ['3', '4', '5']);
  selection.extendTo('2', order);
  assert.deepEqual(selection.ids.sort(), ['2', '3']);
});

test('what was selected besides stays when a range is drawn', () => {
  const selection = selected('9', '1', '4');
  selection.extendTo('5', order);
  selection.extendTo('3', order);
  assert.deepEqual(selection.ids.sort(), ['1', '3', '4', '9']);
});

test('a range in another list begins where it is asked for', () => {
  const selection = selected('9');
  selection.extendTo('2', order);
  assert.deepEqual(selection.ids, ['9', '2'].sort().reverse());
  selection.extendTo('3', order);
  assert.deepEqual(selection.ids.sort(), ['2', '3', '9']);
});

test('what goes away leaves the selection, also as the beginning of a range', () => {
  const selection = selected('9', '2');
  selection.keep((id) => id !== '2');
  assert.deepEqual(selection.ids, ['9']);
  selection.extendTo('4', order);
  assert.deepEqual(selection.ids, ['9', '4']);
});

test('an act on a selected card means all, on another one only that', () => {
  const selection = selected('1', '2');
  assert.deepEqual(selection.meantBy('2'), ['1', '2']);
  assert.deepEqual(selection.meantBy('3'), ['3']);
});

test('it tells of changes and only of those', () => {
  let count = 0;
  const selection = new Selection(() => { count += 1; });
  selection.clear();
  selection.keep(() => true);
  assert.equal(count, 0);
  selection.toggle('1');
  selection.keep(() => true);
  selection.extendTo('1', order);
  assert.equal(count, 1);
  selection.clear();
  assert.deepEqual([count, selection.size], [2, 0]);
});
