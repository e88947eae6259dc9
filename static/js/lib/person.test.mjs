import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handleOf, toPerson } from './person.js';

test('a person is called by the display name, and the user name says who it is', () => {
  const ana = toPerson({ id: 1, name: 'ana', displayName: 'Ana María 🌻', picUrl: 'p' });
  assert.deepEqual(ana, { id: 1, name: 'Ana María 🌻', userName: 'ana', picUrl: 'p' });
  assert.equal(handleOf(ana), '@ana');
});

test('without a display name it is the user name, said once', () => {
  for (const data of [{ name: 'ben' }, { name: 'ben', displayName: '' }, { name: 'ben', displayName: 'ben' }]) {
    assert.equal(toPerson(data).name, 'ben');
    assert.equal(handleOf(toPerson(data)), '');
  }
});
