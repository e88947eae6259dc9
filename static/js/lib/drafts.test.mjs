import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts } from './drafts.js';

// Entries are own properties, as those of localStorage are.
function memory() {
  let isFull = false;
  return Object.create({
    getItem(key) { return Object.hasOwn(this, key) ? this[key] : null; },
    setItem(key, value) {
      if (isFull) throw new Error('QuotaExceededError');
      this[key] = value;
    },
    removeItem(key) { delete this[key]; },
    fill(on) { isFull = on; },
  });
}

const tab = (id, ...alive) => ({ id, isAlive: (other) => other === id || alive.includes(other) });

test('a composer takes over the drafts of closed tabs, once, and none of an open tab', () => {
  const drafts = new Drafts('7', memory());
  drafts.ofComposer('newCard:1', tab('closed')).set('of a closed tab');
  drafts.ofComposer('newCard:1', tab('open')).set('of an open tab');
  drafts.ofComposer('newCard:1', tab('mine')).set('mine');
  const mine = drafts.ofComposer('newCard:1', tab('mine', 'open'));
  assert.equal(mine.get(), 'mine\nof a closed tab');
  assert.equal(mine.get(), 'mine\nof a closed tab');
  assert.equal(drafts.ofComposer('newCard:1', tab('open', 'mine')).get(), 'of an open tab');
  assert.equal(drafts.ofComposer('newCard:12', tab('mine')).get(), '');
});

test('drafts of closed tabs stay where they are while the storage is full', () => {
  const storage = memory();
  const drafts = new Drafts('7', storage);
  drafts.ofComposer('newCard:1', tab('closed')).set('typed long ago');
  storage.fill(true);
  assert.equal(drafts.ofComposer('newCard:1', tab('mine')).get(), 'typed long ago');
  storage.fill(false);
  assert.equal(drafts.ofComposer('newCard:1', tab('another')).get(), 'typed long ago');
});

test('a change of a draft is told, here and in another tab, until one stops to listen', (t) => {
  const listeners = new Set();
  Object.assign(globalThis, {
    addEventListener: (type, listener) => type === 'storage' && listeners.add(listener),
    removeEventListener: (type, listener) => listeners.delete(listener),
  });
  t.after(() => {
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
  });
  const drafts = new Drafts('7', memory());
  const told = [];
  const stop = drafts.onChange((name) => told.push(name));
  drafts.set('card 1', 'text');
  for (const key of ['draft:7:card 2', 'draft:8:card 3', 'recent:7', null]) for (const listener of listeners) listener({ key });
  assert.deepEqual(told, ['card 1', 'card 2']);
  stop();
  drafts.set('card 4', 'text');
  assert.equal(listeners.size, 0);
  assert.deepEqual(told, ['card 1', 'card 2']);
});
