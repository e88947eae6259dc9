/** Parses text that is typed or pasted into a composer. The server has the same limits. */
import { MAX_CARD_TITLE } from '../board/model/nameRule.js';
import { cleanBlock, cleanLine, isVisible, lengthOf } from '../lib/text.js';

export const MAX_DESC = 2048;

/** Lines with visible text, without the bullets of a pasted list. */
export function linesOf(text) {
  return linesIn(text).map((line) => cleanLine(line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '')).trim()).filter(isVisible);
}

/**
 * One card: the first line is its name, the rest its description. A name that is too long is shortened, and the whole name
 * becomes the first line of the description. The description is not shortened: see tooLongBy.
 */
export function oneCard(text) {
  const [first = '', ...rest] = linesIn(text.trim());
  const whole = cleanLine(first).trim();
  const desc = rest.join('\n').trim();
  if (!isVisible(whole)) return { name: '', desc: '' };
  if (lengthOf(whole) <= MAX_CARD_TITLE) return { name: whole, desc };
  return { name: `${[...whole].slice(0, MAX_CARD_TITLE - 1).join('').trimEnd()}…`, desc: [whole, desc].filter(Boolean).join('\n\n') };
}

/** One card per line. */
export function severalCards(text) {
  return linesOf(text).map(oneCard);
}

/** The excess length of the longest description in characters; 0 if all fit. */
export function tooLongBy(cards) {
  return Math.max(0, ...cards.map(({ desc }) => lengthOf(desc) - MAX_DESC));
}

function linesIn(text) {
  return cleanBlock(text).split(/\r\n|\r|\n/);
}
