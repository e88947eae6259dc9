/** The name in a project's address, made from its title; modules/projects/slug.go makes the same. */

const MOST = 32; // characters

// Letters that have no ASCII letter under their marks.
const LATIN = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/**
 * @param {string} title
 * @param {string[]} reserved names that no project may have
 * @returns {string} 3 to 32 lower-case Latin letters, digits, _ and hyphens
 */
export function slugOf(title, reserved) {
  const spelled = title.normalize('NFC').toLowerCase().replace(/[äöüßæœøłđðþı]/gu, (letter) => LATIN[letter]);
  const plain = spelled.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const slug = plain.replace(/[^a-z0-9_]+/gu, '-').replace(/^-+/, '').slice(0, MOST).replace(/-+$/, '');
  if (slug === '') return 'board';
  return slug.length < 3 || reserved.some((name) => name.toLowerCase() === slug) ? `${slug}-board` : slug;
}
