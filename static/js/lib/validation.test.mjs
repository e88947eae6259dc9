import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProblem } from './validation.js';

const name = { required: true, min: 3, max: 16, pattern: '[A-Za-z][A-Za-z0-9_\\-]*', notIn: ['chat', 'new'] };
const email = { required: true, max: 32, email: true };

for (const [value, rules, want] of [
  ['', name, { rule: 'required' }],
  ['', {}, null],
  ['ab', name, { rule: 'tooShort', Count: 3 }],
  ['abc', name, null],
  ['a-_9', name, null],
  ['9abc', name, { rule: 'pattern' }],
  ['abc\n', name, { rule: 'pattern' }],
  ['größe', name, { rule: 'pattern' }],
  ['a'.repeat(17), name, { rule: 'tooLong', Count: 16 }],
  ['Chat', name, { rule: 'reserved' }],
  ['💡'.repeat(8), { min: 8, max: 8 }, null],
  ['a@b.c', email, null],
  ['a@b', email, { rule: 'email' }],
  ['a@b.', email, { rule: 'email' }],
  ['@b.c', email, { rule: 'email' }],
  ['a@.c', email, { rule: 'email' }],
  ['a b@c.d', email, { rule: 'email' }],
  ['a@b.example.org', email, null],
  ['x', { sameAs: 'y' }, { rule: 'same' }],
  ['', { sameAs: 'y' }, { rule: 'same' }],
  ['y', { sameAs: 'y' }, null],
]) {
  test(`${JSON.stringify(value)} by ${Object.keys(rules)}`, () => assert.deepEqual(findProblem(value, rules), want));
}
