/** Random ids of characters that are safe in URLs. */

/** 22 random characters (128 bits). Works without a secure context, too, where `crypto.randomUUID` does not exist. */
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
