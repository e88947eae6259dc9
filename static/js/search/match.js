/** Compares the palette's own entries with what is typed, as the server compares cards (platform/text/search.go). */
import { fold } from '../lib/text.js';

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** The words of a text without case, accents and Unicode form. */
function wordsOf(text) {
  return [...text.matchAll(WORD)].map(([word]) => plain(word));
}

function plain(word) {
  return fold(word).normalize('NFD').replace(/\p{M}/gu, '');
}

/** Whether every typed word begins a word of the text. */
export function matches(text, typed) {
  const words = wordsOf(text);
  return wordsOf(typed).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

/** The text in pieces, in turn not matched and matched, as the server sends names. */
export function splitMatches(text, typed) {
  const wanted = wordsOf(typed);
  const pieces = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const length = Math.max(0, ...wanted.map((one) => lengthOf(word, one)));
    if (length === 0) continue;
    pieces.push(text.slice(end, index), text.slice(index, index + length));
    end = index + length;
  }
  return [...pieces, text.slice(end)];
}

// How much of a word is what is wanted; 0 if it does not begin so.
function lengthOf(word, wanted) {
  if (!plain(word).startsWith(wanted)) return 0;
  let length = 0;
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (plain(word.slice(0, length)).length >= wanted.length) break;
    length += segment.length;
  }
  return length;
}
