/** Ids made here: unique for all practical purposes, and of characters that may stand anywhere. */

/** 22 random characters. Works without a secure context too, where `crypto.randomUUID` does not exist. */
export function randomId() {
  return btoa(String.fromCharCode(...randomBytes(16))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function randomBytes(count) {
  const bytes = new Uint8Array(count);
  try {
    return crypto.getRandomValues(bytes);
  } catch {
    return bytes.map(() => Math.random() * 256);
  }
}
