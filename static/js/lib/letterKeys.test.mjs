import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letterKeysAreOn, switchLetterKeys } from './letterKeys.js';

test('letters are shortcuts until they are switched off, and again when switched on', () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  assert.equal(letterKeysAreOn(storage), true);
  switchLetterKeys(false, storage);
  assert.equal(letterKeysAreOn(storage), false);
  switchLetterKeys(true, storage);
  assert.equal(letterKeysAreOn(storage), true);
});

test('without storage the shortcuts stay on', () => {
  const forbidden = { getItem() { throw new Error('no'); }, setItem() { throw new Error('no'); }, removeItem() { throw new Error('no'); } };
  switchLetterKeys(false, forbidden);
  assert.equal(letterKeysAreOn(forbidden), true);
});
