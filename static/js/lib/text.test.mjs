import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts } from './drafts.js';
import { linkParts } from './linkedText.js';

function memory() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key),
  };
}

test('a draft is stored, removed when empty, and expires', () => {
  let now = 1e12;
  const drafts = new Drafts('p1', memory(), () => now);
  assert.equal(drafts.get('a'), '');
  drafts.set('a', 'text');
  assert.equal(drafts.get('a'), 'text');
  now += 31 * 24 * 3600 * 1000;
  assert.equal(drafts.get('a'), '');
  drafts.set('a', 'text');
  drafts.set('a', '');
  assert.equal(drafts.get('a'), '');
});

test('a draft has the text it edits', () => {
  const drafts = new Drafts('p1', memory());
  drafts.of('a').set('mine', 'before');
  assert.deepEqual(drafts.of('a').get(), { text: 'mine', base: 'before' });
  drafts.set('b', 'no base');
  assert.deepEqual(drafts.of('b').get(), { text: 'no base', base: null });
});

test('a storage that refuses is no error', () => {
  const refusing = { getItem: () => { throw new Error(); }, setItem: () => { throw new Error(); }, removeItem: () => {} };
  const drafts = new Drafts('p1', refusing);
  drafts.set('a', 'text');
  assert.equal(drafts.get('a'), '');
});

test('URLs become links without the punctuation around them', () => {
  assert.deepEqual(linkParts('see (https://a.example/x(1)), or http://b.example.'), [
    { text: 'see (' }, { text: 'https://a.example/x(1)', href: 'https://a.example/x(1)' }, { text: '), or ' },
    { text: 'http://b.example', href: 'http://b.example' }, { text: '.' },
  ]);
  for (const text of ['javascript:alert(1)', 'javascript://x.example/%0aalert(1)', 'data://x,y', 'JavaScript://x', 'ftp://x.example']) assert.deepEqual(linkParts(text), [{ text }]);
  assert.deepEqual(linkParts(''), []);
});
