/**
 * Normalizes typed and pasted text to the form the server stores (platform/text has the same rules), and compares text
 * without regard to case and encoding.
 */

// Escape sequences of terminals.
// eslint-disable-next-line no-control-regex
const ESCAPES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]/g;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;
const PLAIN = /^[ -~]*$/;
const SEEN = /[[\p{L}\p{M}\p{N}\p{P}\p{S}]--[\p{DI}\p{VS}\u2800\u{1d159}]]/v;

/** One line, such as a name: tabs and line breaks become spaces, other control characters are removed. */
export function cleanLine(text) {
  if (PLAIN.test(text)) return text;
  return text.replace(ESCAPES, '').replace(/\r\n|[\t\n\v\f\r\x85\u2028\u2029]/g, ' ').replace(/\p{Cc}/gu, '').replace(BIDI, '');
}

/** Several lines, such as a description: line breaks and tabs stay, other control characters are removed. */
export function cleanBlock(text) {
  if (PLAIN.test(text)) return text;
  return text.replace(ESCAPES, '').replace(/[\v\f\x85\u2028\u2029]/g, '\n').replace(/(?![\n\r\t])\p{Cc}/gu, '');
}

/** Whether a text has a visible character: not only spaces, fillers and format characters. */
export function isVisible(text) {
  return SEEN.test(text);
}

/** The length in Unicode code points, as the server counts it. */
export function lengthOf(text) {
  return [...text].length;
}

/** A form in which texts that differ only in case, accents' encoding or width are equal. */
export function fold(text) {
  return PLAIN.test(text) ? text.toUpperCase() : text.normalize('NFKC').toUpperCase().normalize('NFC');
}

/** Whether a text contains another, without regard to case and encoding. */
export function contains(text, wanted) {
  return fold(text).includes(fold(wanted));
}
