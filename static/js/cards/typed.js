/** What becomes of text typed or pasted into a composer. Limits are the contract's. */

export const MAX_NAME = 64;
export const MAX_DESC = 2048;

/** Lines with something in them, without the marks of a pasted list. */
export function linesOf(text) {
  return text.split(/\r?\n/).map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim()).filter(Boolean);
}

/** One card: the first line is its name, the rest its description. A name too long is cut and kept whole below. */
export function oneCard(text) {
  const [first = '', ...rest] = text.trim().split(/\r?\n/);
  const whole = first.trim();
  const desc = rest.join('\n').trim();
  if (length(whole) <= MAX_NAME) return { name: whole, desc: cut(desc, MAX_DESC) };
  return { name: `${cut(whole, MAX_NAME - 1).trimEnd()}…`, desc: cut([whole, desc].filter(Boolean).join('\n\n'), MAX_DESC) };
}

/** A card per line. */
export function severalCards(text) {
  return linesOf(text).map(oneCard);
}

// Characters as people and the server count them, not halves of emoji.
function length(text) {
  return [...text].length;
}

function cut(text, max) {
  return [...text].slice(0, max).join('');
}
