/** Finds emoji by what they are called. Emoji are those of emoji-picker-element-data: `{emoji, annotation, tags, group, version, skins}`. */
import { fold } from '../lib/text.js';

const MAX_FOUND = 60;
// Of 2022: newer ones are boxes on many devices.
const NEWEST_VERSION = 15;
const COMPONENTS = 2; // the group of skin tones and hair, which are no emoji by themselves

/** The emoji that a picker offers, by group. */
export function groupsOf(all) {
  const groups = new Map();
  for (const each of all) {
    if (each.group === undefined || each.group === COMPONENTS || each.version > NEWEST_VERSION) continue;
    if (!groups.has(each.group)) groups.set(each.group, []);
    groups.get(each.group).push(each);
  }
  return groups;
}

/** The emoji with all words of a text: those whose name begins with it first, then by name, then by other words. */
export function findEmoji(groups, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const ranked = [];
  for (const each of [...groups.values()].flat()) {
    const name = fold(each.annotation);
    const inName = words.every((word) => hasWord(name, word));
    if (inName || words.every((word) => hasWord(name, word) || each.tags?.some((tag) => hasWord(fold(tag), word)))) {
      ranked.push({ each, rank: name.startsWith(words[0]) && inName ? 0 : inName ? 1 : 2 });
    }
  }
  return ranked.sort((a, b) => a.rank - b.rank).slice(0, MAX_FOUND).map(({ each }) => each);
}

/** The sign of an emoji in a skin tone from 1 to 5; 0 for none. */
export function inTone({ emoji, skins = [] }, tone) {
  return skins.find((skin) => skin.tone === tone && skin.version <= NEWEST_VERSION)?.emoji ?? emoji;
}

/** The signs chosen last, with a new one, the newest first. */
export function withRecent(recent, emoji, most = 24) {
  return [emoji, ...recent.filter((each) => each !== emoji)].slice(0, most);
}

function hasWord(text, word) {
  return text.split(/[\s:,’'-]+/).some((each) => each.startsWith(word));
}
