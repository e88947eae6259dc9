import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts } from './drafts.js';
import { randomId } from './ids.js';
import { letterKeysAreOn, switchLetterKeys } from './letterKeys.js';
import { setFlashMessage, takeFlashMessage } from './flashMessage.js';
import { localStore, safeStorage, sessionStore } from './storage.js';
import { setCookie } from './cookies.js';

function blocked() {
  throw new DOMException('Access is denied for this document.', 'SecurityError');
}

/** Runs `action` while properties of the global object throw as soon as they are looked at. */
function withBlocked(names, action) {
  const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const name of names) Object.defineProperty(globalThis, name, { get: blocked, configurable: true });
  try {
    return action();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete globalThis[name];
    }
  }
}

test('where access to storage throws, everything works and stores nothing', () => {
  withBlocked(['localStorage', 'sessionStorage'], () => {
    for (const store of [localStore, sessionStore]) {
      assert.equal(store.setItem('a', '1'), false);
      assert.equal(store.getItem('a'), null);
      assert.deepEqual(store.keys(), []);
      store.removeItem('a');
    }
    const drafts = new Drafts('1:1');
    drafts.set('a', 'text');
    assert.equal(drafts.get('a'), '');
    switchLetterKeys(false);
    assert.equal(letterKeysAreOn(), true);
    setFlashMessage('text');
    assert.equal(takeFlashMessage(), '');
  });
});

test('a full storage is reported', () => {
  const full = { setItem() { throw new DOMException('full', 'QuotaExceededError'); }, getItem: () => 'old' };
  const store = safeStorage(() => full);
  assert.equal(store.setItem('a', '1'), false);
  assert.equal(store.getItem('a'), 'old');
});

test('keys are those with the prefix', () => {
  assert.deepEqual(safeStorage(() => ({ 'a:1': '', 'a:2': '', b: '' })).keys('a:'), ['a:1', 'a:2']);
});

test('ids need no secure context, and no crypto at all', () => {
  const known = new Set();
  for (let i = 0; i < 100; i += 1) known.add(randomId());
  withBlocked(['crypto'], () => {
    for (let i = 0; i < 100; i += 1) known.add(randomId());
  });
  assert.equal(known.size, 200);
  for (const id of known) assert.match(id, /^[\w-]{22}$/);
});

test('denied cookies are no error', () => {
  withBlocked(['document'], () => setCookie('a', 'b'));
});
