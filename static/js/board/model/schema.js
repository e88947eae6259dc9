/** How items of the board (lists, cards) are read from the server's data, changed by its events, and compared. */
import { cleanBlock, cleanLine } from '../../lib/text.js';

/**
 * @typedef {object} Field
 * @property {(data: object) => unknown} read the value in the snapshot or in the event that creates the item
 * @property {(value: unknown, event: object) => unknown} [patch] the value after an update event; by default `read`
 * @property {(a: unknown, b: unknown) => boolean} [equal] by default the same value
 */

/**
 * The schema of one kind of item.
 *
 * @param {object} fields
 * @param {Record<string, Field>} fields.place where the item is; changed by moves only
 * @param {{name: string, desc: string, whole?: string}} fields.texts the names of the texts on the wire; `whole` is the one
 *   of a name that is too long for 2.x clients and is shortened for them
 * @param {Record<string, Field>} fields.contents everything else
 */
export function defineSchema({ place, texts: { whole, ...texts }, contents }) {
  const textFields = {
    name: { read: (data) => data[whole] ?? data[texts.name] ?? '' },
    desc: { read: (data) => data[texts.desc] ?? '' },
  };
  const content = { ...textFields, ...contents };
  const isSame = (fields, a, b) => Object.entries(fields).every(([name, { equal = Object.is }]) => equal(a[name], b[name]));
  const read = (fields, data) => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.read(data)]));
  return {
    /** Reads an item from a snapshot or from the event that creates it. */
    parse: (data) => ({ id: String(data.id), ...read(place, data), ...read(content, data) }),

    /** The item after an update event. */
    patch: (item, event) => ({
      ...item, ...Object.fromEntries(Object.entries(content).map(([name, field]) => [name, field.patch ? field.patch(item[name], event) : field.read(event)])),
    }),

    /** Whether two items are alike in content and place. */
    equal: (a, b) => isSame(content, a, b) && isSame(place, a, b),

    /** Whether two items are alike in content, wherever they are. */
    sameContent: (a, b) => isSame(content, a, b),

    /** The item's texts as the contract's events name them. */
    toWire: (item) => Object.fromEntries(Object.entries(texts).map(([name, wire]) => [wire, item[name]])),

    /** The texts that a search or a filter looks at. */
    textsOf: (item) => Object.keys(texts).map((name) => item[name]),
  };
}

/** What gives an item the texts back that `changes` replaces: the operation's `changes` and their `base`. */
export function textsBack(item, changes) {
  const names = Object.keys(changes).filter((name) => changes[name] !== item[name]);
  const pick = (from) => Object.fromEntries(names.map((name) => [name, from[name]]));
  return { changes: pick(item), base: pick(changes) };
}

/** Typed texts as the server stores them, so that what is shown at once does not change when the event arrives. */
export function cleanTexts({ name, desc, ...others }) {
  return { ...others, ...(name !== undefined && { name: cleanLine(name) }), ...(desc !== undefined && { desc: cleanBlock(desc) }) };
}
