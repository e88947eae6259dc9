/**
 * Whether single letters are shortcuts in this browser. They can be switched off for speech input, where every spoken word
 * would run shortcuts (WCAG 2.1.4).
 */
import { localStore, safeStorage } from './storage.js';

const KEY = 'letterKeys';

export function letterKeysAreOn(storage = localStore) {
  return safeStorage(() => storage).getItem(KEY) !== 'off';
}

/** Stores the preference if the browser allows it. */
export function switchLetterKeys(on, storage = localStore) {
  const safe = safeStorage(() => storage);
  if (on) safe.removeItem(KEY);
  else safe.setItem(KEY, 'off');
}
