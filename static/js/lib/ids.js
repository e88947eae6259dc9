/** Ids made here: unique for all practical purposes, and of characters that may stand anywhere. */

/** 22 random characters. Works without a secure context too, where `crypto.randomUUID` does not exist. */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
