import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestRise } from './reconcile.js';

test('elements in order stay', () => {
  assert.equal(longestRise([0, 1, 2, 3]).size, 4);
});

test('one moved item is the only one that does not stay', () => {
  assert.deepEqual([...longestRise([1, 2, 3, 0])].sort(), [0, 1, 2]);
  assert.deepEqual([...longestRise([3, 0, 1, 2])].sort(), [1, 2, 3]);
});

test('new items never stay', () => {
  assert.deepEqual([...longestRise([-1, 0, -1, 1])].sort(), [1, 3]);
  assert.equal(longestRise([]).size, 0);
});
