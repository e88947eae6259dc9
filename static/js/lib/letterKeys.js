/**
 * Whether single letters are shortcuts in this browser. People who speak to their computer, or whose hand slips, switch
 * them off: a word then does nothing by mistake.
 */
import { localStore, safeStorage } from './storage.js';

const KEY = 'letterKeys';

export function letterKeysAreOn(storage = localStore) {
  return safeStorage(() => storage).getItem(KEY) !== 'off';
}

/** Remembers it as far as the browser lets us. */
export function switchLetterKeys(on, storage = localStore) {
  const safe = safeStorage(() => storage);
  if (on) safe.removeItem(KEY);
  else safe.setItem(KEY, 'off');
}
