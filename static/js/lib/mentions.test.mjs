import assert from 'node:assert/strict';
import test from 'node:test';
import { matching, typedName } from './mentions.js';

const people = [{ name: 'Ana Müller', userName: 'ana' }, { name: 'ben', userName: 'ben' }, { name: 'Zoë', userName: 'banana' }];

test('a name is typed behind an @ that begins a word', () => {
  for (const [text, typed] of [['@', ''], ['ask @an', 'an'], ['(@b', 'b'], ['a@b', null], ['ask @ana ', null], ['', null], ['@@a', null], ['@mü', 'mü'], ['x\n@be', 'be']]) {
    assert.equal(typedName(text, text.length), typed, text);
  }
  assert.equal(typedName('@ana and ben', 3), 'an');
});

test('people are found by user name and by the words of their names', () => {
  const names = (typed) => matching(people, typed).map(({ userName }) => userName);
  assert.deepEqual(names(''), ['ana', 'ben', 'banana']);
  assert.deepEqual(names('B'), ['ben', 'banana']);
  assert.deepEqual(names('mül'), ['ana']);
  assert.deepEqual(names('ZOË'), ['banana']);
  assert.deepEqual(names('nan'), []);
});
