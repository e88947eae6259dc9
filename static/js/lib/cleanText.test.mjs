import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanBlock, cleanLine, contains, isVisible } from './text.js';

test('a name is one line without control characters', () => {
  for (const [typed, clean] of [
    ['plain', 'plain'], ['a\tb\tc', 'a b c'], ['a\r\nb', 'a b'], ['a\nb\u2028c', 'a b c'], ['\x1b[31mred\x1b[0m', 'red'], ['\x1b]0;title\x07x', 'x'],
    ['a\u0007b', 'ab'], ['\u202eevil\u202c', 'evil'], ['e\u0301', 'e\u0301'], ['👩‍👩‍👧', '👩‍👩‍👧'], ['שלום', 'שלום'],
  ]) assert.equal(cleanLine(typed), clean, JSON.stringify(typed));
});

test('a description keeps lines and tabs', () => {
  for (const [typed, clean] of [
    ['a\tb\nc', 'a\tb\nc'], ['a\r\nb', 'a\r\nb'], ['\x1b[1;32mok\x1b[0m 12 tests\x1b[K', 'ok 12 tests'], ['a\u000bb\u000cc', 'a\nb\nc'], ['a\u0000b', 'ab'],
  ]) assert.equal(cleanBlock(typed), clean, JSON.stringify(typed));
});

test('visible characters', () => {
  for (const text of ['a', '1', '-', '中', '🙂', ' x ', '❤️']) assert.equal(isVisible(text), true, text);
  for (const text of ['', ' ', '\u3164', '\u2800', '\u200b\u200d', '\u00a0', '\ufe0f', '\u115f', '\t\n']) assert.equal(isVisible(text), false, JSON.stringify(text));
});

test('a search finds the other Unicode form, the other case, the other width', () => {
  for (const [text, wanted] of [
    ['Ca\u0301fe', 'c\u00e1fe'], ['caf\u00e9', 'CAFE\u0301'], ['Straße', 'STRASSE'], ['STRASSE', 'straße'], ['ΟΔΟΣ', 'οδος'], ['ＡＢＣ', 'abc'], ['abc', ''],
  ]) assert.equal(contains(text, wanted), true, `${text} ${wanted}`);
  assert.equal(contains('cafe', 'café'), false);
});
