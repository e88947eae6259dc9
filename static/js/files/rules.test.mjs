import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPicture, MAX_BYTES, ownAddress, sizeText, sortFiles } from './rules.js';

const file = (name, size = 1) => ({ name, size });

test('at most eight files, each with a valid name and size', () => {
  const existing = ['1', '2', '3', '4', '5', '6'];
  const chosen = [file('a'), file('big', MAX_BYTES + 1), file('b', MAX_BYTES), file('c'), file('line\nbreak'), file('x'.repeat(129))];
  const { fine, refused } = sortFiles(chosen, existing);
  assert.deepEqual(fine.map(({ name }) => name), ['a', 'b']);
  assert.deepEqual(refused.map(({ why }) => why), ['size', 'count', 'name', 'name']);
});

test('an existing name replaces its file, also when there are eight', () => {
  const { replacing, refused } = sortFiles([file('1'), file('n'), file('n')], ['1', '2', '3', '4', '5', '6', '7']);
  assert.deepEqual(replacing.map(({ name }) => name), ['1', 'n']);
  assert.deepEqual(refused, []);
});

test('pictures and sizes', () => {
  assert.equal(isPicture('A.JPG'), true);
  assert.equal(isPicture('a.svg'), false);
  assert.equal(sizeText(1_500_000, 'en'), '1.5 MB');
  assert.equal(sizeText(2_000, 'de'), '2 kB');
});

test('own files come from the host of the page', () => {
  assert.equal(ownAddress('https://configured.example/files/key/%C3%A4.png'), '/files/key/%C3%A4.png');
  assert.equal(ownAddress('https://bucket.example/key/a.png'), 'https://bucket.example/key/a.png');
});
