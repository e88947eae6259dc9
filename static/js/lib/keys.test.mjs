import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, isComposing, keyOf } from './keys.js';

test('keys of an input method are ignored, in any browser', () => {
  const enter = { key: 'Enter', code: 'Enter', isComposing: false, keyCode: 13 };
  assert.deepEqual([keyOf(enter), codeOf(enter), isComposing(enter)], ['Enter', 'Enter', false]);
  const chromeAndFirefox = { ...enter, isComposing: true };
  const safariAtTheEnd = { ...enter, keyCode: 229 };
  for (const event of [chromeAndFirefox, safariAtTheEnd, { ...chromeAndFirefox, key: 'Escape' }]) {
    assert.deepEqual([keyOf(event), codeOf(event), isComposing(event)], ['', '', true]);
  }
});

test('an event without a key, as autofill dispatches it, is ignored', () => {
  assert.equal(keyOf({ type: 'keydown' }), '');
  assert.equal(codeOf({ type: 'keydown' }), '');
});
