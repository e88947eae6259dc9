/** What becomes of text typed or pasted into a composer. Limits are the contract's. */
import { cleanBlock, cleanLine, isVisible, lengthOf } from '../lib/text.js';

export const MAX_NAME = 64;
export const MAX_DESC = 2048;

/** Lines with something to see in them, without the marks of a pasted list. */
export function linesOf(text) {
  return linesIn(text).map((line) => cleanLine(line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '')).trim()).filter(isVisible);
}

/**
 * One card: the first line is its name, the rest its description. A name too long is cut and kept whole below.
 * Nothing else is cut: see tooLongBy.
 */
export function oneCard(text) {
  const [first = '', ...rest] = linesIn(text.trim());
  const whole = cleanLine(first).trim();
  const desc = rest.join('\n').trim();
  if (!isVisible(whole)) return { name: '', desc: '' };
  if (lengthOf(whole) <= MAX_NAME) return { name: whole, desc };
  return { name: `${[...whole].slice(0, MAX_NAME - 1).join('').trimEnd()}…`, desc: [whole, desc].filter(Boolean).join('\n\n') };
}

/** A card per line. */
export function severalCards(text) {
  return linesOf(text).map(oneCard);
}

/** By how many characters the longest description is too long; 0 if all fit. */
export function tooLongBy(cards) {
  return Math.max(0, ...cards.map(({ desc }) => lengthOf(desc) - MAX_DESC));
}

function linesIn(text) {
  return cleanBlock(text).split(/\r\n|\r|\n/);
}
