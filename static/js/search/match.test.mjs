import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches, splitMatches } from './match.js';

test('every typed word begins a word, without case, accents and Unicode form', () => {
  for (const [text, typed, pieces] of [
    ['New project', 'pro', ['New ', 'pro', 'ject']],
    ['New project', 'PROJECT new', ['', 'New', ' ', 'project', '']],
    ['Hell-dunkel: Größe', 'grosse', ['Hell-dunkel: ', 'Größe', '']],
    ['Gro\u0308ße', 'grö', ['', 'Gro\u0308', 'ße']],
    ['Menü', 'MENU\u0308', ['', 'Menü', '']],
  ]) {
    assert.ok(matches(text, typed), `${text}: ${typed}`);
    assert.deepEqual(splitMatches(text, typed), pieces);
  }
  for (const [text, typed] of [['New project', 'ject'], ['New project', 'new board'], ['', 'a']]) {
    assert.ok(!matches(text, typed), `${text}: ${typed}`);
  }
});
