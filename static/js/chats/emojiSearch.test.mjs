import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEmoji, groupsOf, inTone, withRecent } from './emojiSearch.js';

const ALL = [
  { emoji: '👋', annotation: 'waving hand', tags: ['hello', 'wave'], group: 1, version: 0.6, skins: [{ emoji: '👋🏿', tone: 5, version: 1 }, { emoji: '👋🏾', tone: 4, version: 17 }] },
  { emoji: '🌊', annotation: 'water wave', tags: ['sea'], group: 5, version: 0.6 },
  { emoji: '🖐️', annotation: 'hand with fingers splayed', tags: ['stop'], group: 1, version: 0.7 },
  { emoji: '🏿', annotation: 'dark skin tone', group: 2, version: 1 },
  { emoji: '🇩', annotation: 'regional indicator D', version: 0 },
  { emoji: '🫩', annotation: 'face with bags under eyes', tags: ['tired'], group: 0, version: 16 },
  { emoji: '🥗', annotation: 'grüner Salat', tags: ['essen'], group: 4, version: 3 },
];
const found = (typed) => findEmoji(groupsOf(ALL), typed).map(({ emoji }) => emoji).join('');

test('emoji are found by the beginnings of words, those whose name begins with them first', () => {
  assert.equal(found('hand'), '🖐️👋');
  assert.equal(found('wave'), '🌊👋');
  assert.equal(found('wav han'), '👋');
  assert.equal(found('GRÜN'), '🥗');
  assert.equal(found('and'), '');
  assert.equal(found(' '), '');
});

test('what devices cannot draw and what is no emoji is not offered', () => {
  assert.deepEqual([...groupsOf(ALL).keys()].sort(), [1, 4, 5]);
  assert.equal(found('tired'), '');
});

test('an emoji has a skin tone if there is one', () => {
  assert.equal(inTone(ALL[0], 5), '👋🏿');
  assert.equal(inTone(ALL[0], 4), '👋', 'too new');
  assert.equal(inTone(ALL[0], 1), '👋');
  assert.equal(inTone(ALL[1], 5), '🌊');
});

test('the emoji chosen last is the first of the recent ones, once', () => {
  assert.deepEqual(withRecent(['a', 'b'], 'b'), ['b', 'a']);
  assert.deepEqual(withRecent(['a', 'b'], 'c', 2), ['c', 'a']);
});
