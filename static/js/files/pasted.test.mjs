import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pastedFiles } from './rules.js';

const image = (name = 'image.png') => new File(['x'], name, { type: 'image/png' });
const names = (files) => files.map(({ name }) => name);

test('text from a spreadsheet or a word processor is text, without its picture', () => {
  assert.deepEqual(pastedFiles({ types: ['text/plain', 'text/html', 'text/rtf', 'Files'], files: [image()] }, []), []);
});

test('a screenshot and a picture from a page are pictures', () => {
  assert.deepEqual(names(pastedFiles({ types: ['Files'], files: [image()] }, [])), ['image.png']);
  assert.deepEqual(names(pastedFiles({ types: ['text/html', 'Files'], files: [image()] }, [])), ['image.png']);
});

test('pasted pictures of the same name do not replace each other', () => {
  const types = ['Files'];
  assert.deepEqual(names(pastedFiles({ types, files: [image()] }, ['image.png'])), ['image-2.png']);
  assert.deepEqual(names(pastedFiles({ types, files: [image(), image()] }, ['image.png', 'image-3.png'])), ['image-2.png', 'image-4.png']);
  assert.deepEqual(names(pastedFiles({ types, files: [image('scan'), image('scan')] }, [])), ['scan', 'scan-2']);
  assert.equal(pastedFiles({ types, files: [image()] }, ['image.png'])[0].type, 'image/png');
});
