/**
 * Whether single letters are shortcuts in this browser. People who speak to their computer, or whose hand slips, switch
 * them off: a word then does nothing by mistake.
 */

const KEY = 'letterKeys';

export function letterKeysAreOn(storage = globalThis.localStorage) {
  try {
    return storage.getItem(KEY) !== 'off';
  } catch {
    return true; // storage is forbidden here
  }
}

/** Remembers it as far as the browser lets us. */
export function switchLetterKeys(on, storage = globalThis.localStorage) {
  try {
    if (on) storage.removeItem(KEY);
    else storage.setItem(KEY, 'off');
  } catch { /* it holds for this page only */ }
}
