import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CollapsedLists } from './collapsed.js';

const project = { id: 7, ownerName: 'ana', name: 'plans' };

function browser() {
  const kept = new Map();
  const cookies = [];
  globalThis.document = { set cookie(text) { cookies.push(text.split('; ').slice(0, 2).join('; ')); } };
  return { cookies, storage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) } };
}

test('what is collapsed is kept for person and project, and in a cookie for the address of the board', () => {
  const { cookies, storage } = browser();
  const lists = new CollapsedLists({ person: '5', project }, undefined, storage);
  assert.deepEqual(cookies, [], 'none without a collapsed list');
  lists.toggle('12');
  lists.toggle('15');
  assert.equal(cookies.at(-1), 'board_collapsed=5.12.15; path=/ana/plans');
  const renamed = new CollapsedLists({ person: '5', project: { ...project, name: 'ideas' } }, undefined, storage);
  assert.equal(cookies.at(-1), 'board_collapsed=5.12.15; path=/ana/ideas', 'the board has another address');
  assert.deepEqual([renamed.has('12'), renamed.has('13')], [true, false]);
  renamed.retain((id) => id === '12');
  assert.equal(cookies.at(-1), 'board_collapsed=5.12; path=/ana/ideas');
  renamed.toggle('12');
  assert.equal(cookies.at(-1), 'board_collapsed=; path=/ana/ideas');
  assert.equal(new CollapsedLists({ person: null, project }, undefined, storage).has('12'), false, 'nothing for others');
});
