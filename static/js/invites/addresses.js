/** Addresses in a typed or pasted text. */

// "Ben Vogel" <ben@example.org>, as mail programs copy it.
const NAMED = /(?:"[^"\n]*"|[^\s<>,;"][^<>,;"\n]*)?\s*<([^<>\s]+)>/g;

/**
 * The addresses in a text, in order: one per line, or separated by blanks, commas or semicolons. What is no address stays
 * in, so that the server can name it.
 */
export function addressesIn(text) {
  return text.replace(NAMED, ' $1 ').split(/[\s,;]+/).filter((part) => part !== '');
}
