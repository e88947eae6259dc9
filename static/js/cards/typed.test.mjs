import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, oneCard, severalCards, tooLongBy } from './typed.js';

test('a pasted list becomes lines without bullets', () => {
  assert.deepEqual(linesOf('- a\r\n\n * b\n3) c\n  d-e '), ['a', 'b', 'c', 'd-e']);
});

test('one card takes the first line as its name', () => {
  assert.deepEqual(oneCard(' name \nmore\nlines '), { name: 'name', desc: 'more\nlines' });
  assert.deepEqual(oneCard('   '), { name: '', desc: '' });
});

test('a name that is too long is shortened and kept whole in the description', () => {
  const { name, desc } = oneCard('😀'.repeat(270));
  assert.equal([...name].length, 256);
  assert.equal(desc, '😀'.repeat(270));
  assert.equal(oneCard('x'.repeat(256)).desc, '');
});

test('several cards are one per line', () => {
  assert.deepEqual(severalCards('a\nb'), [{ name: 'a', desc: '' }, { name: 'b', desc: '' }]);
});

test('rows of a spreadsheet and a coloured log become names without tabs and colours, all rows are kept', () => {
  assert.deepEqual(severalCards('Bread\t2\t3.50\r\nMilk\t1\t1.20\r\n').map(({ name }) => name), ['Bread 2 3.50', 'Milk 1 1.20']);
  assert.deepEqual(severalCards('\x1b[32mok\x1b[0m a\n\x1b[31mFAIL\x1b[0m b').map(({ name }) => name), ['ok a', 'FAIL b']);
  assert.deepEqual(oneCard('a\tb\n\x1b[1mbold\x1b[0m\tx'), { name: 'a b', desc: 'bold\tx' });
});

test('lines without visible text are no cards', () => {
  assert.deepEqual(linesOf('\u3164\na\n\u200b\n\u2800'), ['a']);
  assert.deepEqual(oneCard('\u3164'), { name: '', desc: '' });
});

test('a description that is too long is reported, not shortened', () => {
  const card = oneCard(`name\n${'x'.repeat(2050)}`);
  assert.equal(card.desc.length, 2050);
  assert.equal(tooLongBy([card, oneCard('short')]), 2);
  assert.equal(tooLongBy([oneCard(`name\n${'x'.repeat(2048)}`)]), 0);
});
