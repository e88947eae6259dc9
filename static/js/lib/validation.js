/** Validates a typed value by the rules of the server, which validates again. */

/**
 * @typedef {object} Rules
 * @property {boolean} [required]
 * @property {number} [min] fewest characters
 * @property {number} [max] most characters
 * @property {string} [pattern] a regular expression for the whole value
 * @property {boolean} [email]
 * @property {string} [sameAs] the value it has to repeat
 * @property {string[]} [notIn] values that are taken, whatever their case
 */

/**
 * The first rule that a value violates: `{ rule, Count? }`, or null. An empty value violates only `required` and `sameAs`.
 *
 * @param {string} value
 * @param {Rules} rules
 */
export function findProblem(value, rules) {
  if (value === '' && rules.required) return { rule: 'required' };
  if (rules.sameAs !== undefined && value !== rules.sameAs) return { rule: 'same' };
  if (value === '') return null;
  const length = [...value].length; // characters, not UTF-16 units
  if (length < rules.min) return { rule: 'tooShort', Count: rules.min };
  if (length > rules.max) return { rule: 'tooLong', Count: rules.max };
  if (rules.email && !looksLikeEmail(value)) return { rule: 'email' };
  if (rules.pattern && !new RegExp(`^(?:${rules.pattern})$`, 'v').test(value)) return { rule: 'pattern' };
  if (rules.notIn?.some((taken) => taken.toLowerCase() === value.toLowerCase())) return { rule: 'reserved' };
  return null;
}

// An @ with something before it, and later a dot that is not the last character.
function looksLikeEmail(value) {
  return /^[^\s@]+@[^\s@]*[^\s@.][^\s@]*\.[^\s@]*[^\s@.]$/.test(value);
}
