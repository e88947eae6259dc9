import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesIn } from './addresses.js';

test('addresses are found however they are separated and pasted', () => {
  for (const [text, want] of [
    ['', []],
    ['  \n ', []],
    ['a@b.example', ['a@b.example']],
    ['a@b.example, c@d.example;e@f.example\ng@h.example', ['a@b.example', 'c@d.example', 'e@f.example', 'g@h.example']],
    ['Ben Vogel <ben@b.example>, "Vogel, Ana" <ana@b.example>', ['ben@b.example', 'ana@b.example']],
    ['<ben@b.example>', ['ben@b.example']],
    ['not-an-address a@b.example', ['not-an-address', 'a@b.example']],
  ]) assert.deepEqual(addressesIn(text), want, text);
});
