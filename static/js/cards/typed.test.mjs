import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, oneCard, severalCards } from './typed.js';

test('a pasted list becomes lines without its marks', () => {
  assert.deepEqual(linesOf('- a\r\n\n * b\n3) c\n  d-e '), ['a', 'b', 'c', 'd-e']);
});

test('one card takes the first line as its name', () => {
  assert.deepEqual(oneCard(' name \nmore\nlines '), { name: 'name', desc: 'more\nlines' });
  assert.deepEqual(oneCard('   '), { name: '', desc: '' });
});

test('a name too long is cut and kept whole in the description', () => {
  const { name, desc } = oneCard('😀'.repeat(70));
  assert.equal([...name].length, 64);
  assert.equal(desc, '😀'.repeat(70));
  assert.equal(oneCard('x'.repeat(64)).desc, '');
});

test('several cards are one per line', () => {
  assert.deepEqual(severalCards('a\nb'), [{ name: 'a', desc: '' }, { name: 'b', desc: '' }]);
});
