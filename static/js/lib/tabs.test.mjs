import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tabs } from './tabs.js';

function memory() {
  const kept = new Map();
  return {
    kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key),
    keys: (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
  };
}

test('a tab counts as closed when it is left, and 150 seconds after its last heartbeat', () => {
  const storage = memory();
  let now = 1e12;
  const [a, b] = ['a', 'b'].map((id) => new Tabs({ storage, id, now: () => now }));
  assert.equal(a.isAlive('a'), true);
  assert.equal(a.isAlive('b'), false);
  b.heartbeat();
  now += 149_999;
  assert.equal(a.isAlive('b'), true);
  now += 1;
  assert.equal(a.isAlive('b'), false);
  b.heartbeat();
  b.leave();
  assert.equal(a.isAlive('b'), false);
  b.heartbeat();
  storage.setItem('tab:crashed', String(now - 200_000));
  a.removeClosed();
  assert.deepEqual(storage.keys('tab:'), ['tab:b']);
});
