/** Names behind an @ in a text that is being typed. */
import { fold } from './text.js';

const MAX_SHOWN = 6;

/** What is typed behind the last @ before a position; null if there is none, or it is within a word. */
export function typedName(text, at) {
  return text.slice(0, at).match(/(?:^|[^\p{L}\p{N}_@./-])@([\p{L}\p{N}_-]{0,32})$/u)?.[1] ?? null;
}

/** The people whose user name, or a word of what they are called, begins so. */
export function matching(people, typed) {
  const start = fold(typed);
  const words = ({ name, userName }) => [userName, ...name.split(/\s+/)];
  return people.filter((person) => words(person).some((word) => fold(word).startsWith(start))).slice(0, MAX_SHOWN);
}
