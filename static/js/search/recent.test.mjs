import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recent } from './recent.js';

function storage(initial = {}) {
  const data = new Map(Object.entries(initial));
  return { getItem: (key) => data.get(key) ?? null, setItem: (key, value) => data.set(key, value), removeItem: (key) => data.delete(key) };
}

const card = (n) => ({ kind: 'card', name: `Card ${n}`, detail: 'board', href: `/ana/board?card=${n}` });

test('the last six are kept, each once, the last opened first', () => {
  const kept = storage();
  const recent = new Recent('1', kept);
  for (const n of [1, 2, 3, 4, 5, 6, 7, 3]) recent.add(card(n));
  assert.deepEqual(recent.all, [3, 7, 6, 5, 4, 2].map(card));
  assert.deepEqual(new Recent('1', kept).all, recent.all);
});

test('another person and visitors have their own, which is nothing', () => {
  const kept = storage();
  new Recent('1', kept).add(card(1));
  assert.deepEqual(new Recent('2', kept).all, []);
  const visitor = new Recent(undefined, kept);
  visitor.add(card(2));
  assert.deepEqual(visitor.all, []);
});

test('what something else has stored is left out', () => {
  for (const stored of ['{', '{}', '[1]', '[{"kind":"card"}]', JSON.stringify([{ ...card(1), href: 'javascript:alert(1)' }, { ...card(1), href: '//evil.example' }])]) {
    assert.deepEqual(new Recent('1', storage({ 'recent:1': stored })).all, [], stored);
  }
});
