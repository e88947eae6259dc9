import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOfFile } from './kinds.js';
import { isPicture, ownAddress, sizeText, sortFiles } from './rules.js';

const file = (name, size = 1) => ({ name, size });
const limits = { files: 8, size: 1000 };

test('at most as many files as the server takes, each with a valid name and size', () => {
  const existing = ['1', '2', '3', '4', '5', '6'];
  const chosen = [file('a'), file('big', 1001), file('b', 1000), file('c'), file('line\nbreak'), file('x'.repeat(129))];
  const { fine, refused } = sortFiles(chosen, existing, limits);
  assert.deepEqual(fine.map(({ name }) => name), ['a', 'b']);
  assert.deepEqual(refused.map(({ why }) => why), ['size', 'count', 'name', 'name']);
});

test('an existing name replaces its file, also when there are eight', () => {
  const { replacing, refused } = sortFiles([file('1'), file('n'), file('n')], ['1', '2', '3', '4', '5', '6', '7'], limits);
  assert.deepEqual(replacing.map(({ name }) => name), ['1', 'n']);
  assert.deepEqual(refused, []);
});

test('pictures and sizes', () => {
  assert.equal(isPicture('A.JPG'), true);
  assert.equal(isPicture('a.svg'), false);
  assert.equal(sizeText(1_500_000, 'en'), '1.5 MB');
  assert.equal(sizeText(2_000, 'de'), '2 kB');
  assert.equal(sizeText(1, 'en'), '1 byte');
  assert.equal(sizeText(0, 'de'), '0 Byte');
  assert.equal(sizeText(2_500_000_000, 'de'), '2,5\u00a0GB');
});

test('the viewer shows pictures, PDF, text, sound and film of this server, and pictures of an old bucket', () => {
  const own = 'https://configured.example/files/key/x';
  const kinds = ['a.PNG', 'a.pdf', 'notes.md', 'a.mp3', 'a.webm', 'a.zip', 'pdf', 'a.svg'].map((name) => kindOfFile(name, own));
  assert.deepEqual(kinds, ['picture', 'pdf', 'text', 'audio', 'video', null, null, null]);
  const old = 'https://bucket.example/key/x';
  assert.deepEqual(['a.png', 'a.pdf', 'a.txt'].map((name) => kindOfFile(name, old)), ['picture', null, null]);
});

test('own files come from the host of the page', () => {
  assert.equal(ownAddress('https://configured.example/files/key/%C3%A4.png'), '/files/key/%C3%A4.png');
  assert.equal(ownAddress('https://bucket.example/key/a.png'), 'https://bucket.example/key/a.png');
});
