import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { faceOf, ownPicture } from './face.js';

// The same examples as of the server's markup, so that a face does not change when the script draws it again.
const examples = JSON.parse(readFileSync(new URL('../../../platform/views/testdata/faces.json', import.meta.url), 'utf8'));

for (const { name, initials, tint } of examples) {
  test(`the face of "${name}"`, () => assert.deepEqual(faceOf(name), { initials, tint }));
}

test('a default picture of the server is none', () => {
  assert.equal(ownPicture('/static/default_avatar/a1s.png'), '');
  assert.equal(ownPicture('/avatars/abc_s.jpg'), '/avatars/abc_s.jpg');
  assert.equal(ownPicture(), '');
});
