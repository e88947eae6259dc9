/**
 * Text as people type and paste it, brought into the form the server stores (platform/text has the same rules), and
 * compared as people compare it.
 */

// Terminals' colours and movements, titles and links, and two-character sequences.
// eslint-disable-next-line no-control-regex
const ESCAPES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]/g;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;
const PLAIN = /^[ -~]*$/;
const SEEN = /[[\p{L}\p{M}\p{N}\p{P}\p{S}]--[\p{DI}\p{VS}\u2800\u{1d159}]]/v;

/** One line, such as a name: tabs and line breaks become blanks, other control characters are dropped. */
export function cleanLine(text) {
  if (PLAIN.test(text)) return text;
  return text.replace(ESCAPES, '').replace(/\r\n|[\t\n\v\f\r\x85\u2028\u2029]/g, ' ').replace(/\p{Cc}/gu, '').replace(BIDI, '');
}

/** Several lines, such as a description: line breaks and tabs stay, other control characters are dropped. */
export function cleanBlock(text) {
  if (PLAIN.test(text)) return text;
  return text.replace(ESCAPES, '').replace(/[\v\f\x85\u2028\u2029]/g, '\n').replace(/(?![\n\r\t])\p{Cc}/gu, '');
}

/** Whether there is anything to see in a text: not only blanks, fillers and format characters. */
export function isVisible(text) {
  return SEEN.test(text);
}

/** The length as people and the server count it: characters, not halves of emoji. */
export function lengthOf(text) {
  return [...text].length;
}

/** A form in which texts that differ only in case, accents' encoding or width are equal. */
export function fold(text) {
  return PLAIN.test(text) ? text.toUpperCase() : text.normalize('NFKC').toUpperCase().normalize('NFC');
}

/** Whether a text has another in it, as a search field means it. */
export function contains(text, wanted) {
  return fold(text).includes(fold(wanted));
}
