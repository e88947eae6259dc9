/** A person without a picture of their own: initials and a colour. platform/views/faces.go computes the same. */
const TINTS = 8;

/**
 * @param {string} name
 * @returns {{initials: string, tint: number}} `tint` is the number of a colour, `--color-face-1` and so on
 */
export function faceOf(name) {
  return { initials: initials(name), tint: 1 + (hash(name.toLowerCase()) % TINTS) };
}

/** The address of a person's own picture; empty for a default picture of the server. */
export function ownPicture(picUrl = '') {
  return picUrl.includes('/default_avatar/') ? '' : picUrl;
}

// Of the first and the last word, or of the only one the first two letters.
function initials(name) {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return '?';
  const letters = words.length > 1 ? [[...words[0]][0], [...words.at(-1)][0]] : [...words[0]].slice(0, 2);
  return letters.map(capital).join('');
}

// A letter without a capital of its own, such as ß, stays as it is.
function capital(letter) {
  const upper = letter.toUpperCase();
  return [...upper].length === 1 ? upper : letter;
}

// FNV-1a of the UTF-8 bytes, 32 bits.
function hash(text) {
  return new TextEncoder().encode(text).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
