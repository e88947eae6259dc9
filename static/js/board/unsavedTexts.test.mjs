import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts } from '../lib/drafts.js';
import { UnsavedTexts } from './unsavedTexts.js';

function memory() {
  const values = new Map();
  return new Proxy({
    getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value), removeItem: (key) => values.delete(key),
  }, { ownKeys: () => [...values.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });
}

const card = { id: '40', name: 'One', desc: 'saved' };

test('a card has an unsaved text from the first letter until it is saved, discarded or equal', () => {
  const drafts = new Drafts('1:2', memory());
  let changes = 0;
  const unsaved = new UnsavedTexts(drafts, () => { changes += 1; });
  assert.equal(unsaved.has('card', card), false);
  drafts.of('card:40:desc').set('s', 'saved');
  drafts.of('card:40:desc').set('so', 'saved');
  assert.equal(unsaved.has('card', card), true);
  assert.equal(unsaved.has('list', card), false, 'a list of the same number');
  assert.equal(unsaved.has('card', { ...card, id: '4' }), false);
  assert.equal(unsaved.has('card', { ...card, desc: 'so' }), false, 'it is what is saved');
  assert.equal(changes, 1, 'typing on draws nothing again');
  drafts.of('card:40:desc').set('', 'saved');
  assert.equal(unsaved.has('card', card), false);
  assert.equal(changes, 2);
  drafts.set('newCard:7@tab', 'no text of a card');
  assert.equal(changes, 2);
});

test('a page that is loaded later finds what is unsaved, of this board only, and not after 30 days', () => {
  const storage = memory();
  let now = 1000;
  new Drafts('1:2', storage, () => now).set('list:7:name', 'typed', 'To do');
  const found = (scope) => new UnsavedTexts(new Drafts(scope, storage, () => now), () => {}).has('list', { id: '7', name: 'To do', desc: '' });
  assert.equal(found('1:2'), true);
  assert.equal(found('1:3'), false);
  assert.equal(found('9:2'), false);
  now += 30 * 24 * 3600 * 1000;
  assert.equal(found('1:2'), false);
});
