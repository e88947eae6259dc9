/** The labels of a board and of its cards, as data. */

/**
 * @typedef {{id: string, name: string, colour: string}} Label
 */

/** The colours in the order of pickers (modules/labels/model.go). */
export const colours = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'grey'];

// Limits of modules/labels/model.go.
export const MAX_LABELS = 30;
export const MAX_NAME_LENGTH = 50;

/** A label from the server's. */
export function toLabel({ id, name, colour }) {
  return { id: String(id), name, colour };
}

/** The labels of a state in order. */
export function labelsOf({ parts }) {
  return parts.labels;
}

/** The labels with one changed, or added at an index if it is not among them. */
export function withLabel(labels, label, pos = labels.length) {
  const known = labels.some(({ id }) => id === label.id);
  return known ? labels.map((other) => (other.id === label.id ? { ...other, ...label } : other)) : labels.toSpliced(pos, 0, label);
}

/** The labels with one at another index. */
export function withOrder(labels, id, pos) {
  const moved = labels.find((label) => label.id === id);
  return moved ? labels.filter((label) => label !== moved).toSpliced(pos, 0, moved) : labels;
}

/** Ids of labels, with one added or removed; the same array if that changes nothing. */
export function withId(ids, id, on) {
  if (ids.includes(id) === on) return ids;
  return on ? [...ids, id] : ids.filter((other) => other !== id);
}

/** The state with a label put on cards or taken from them; cards that are not on the board are left out. */
export function onCards(state, labelId, cardIds, on) {
  const cards = new Map(state.cards);
  for (const id of cardIds) {
    const card = cards.get(id);
    if (card) cards.set(id, { ...card, parts: { ...card.parts, labels: withId(card.parts.labels, labelId, on) } });
  }
  return { ...state, cards };
}

/** The ids of the cards on the board that have a label. */
export function cardsWith(state, labelId) {
  return [...state.cards.values()].filter(({ parts }) => parts.labels.includes(labelId)).map(({ id }) => id);
}

/**
 * A label named at the end of a typed text: `#name`, the longest name that fits, or `#3` for the third label.
 *
 * @returns {{text: string, label: Label} | null} the text without it
 */
export function labelAtEnd(text, labels) {
  for (let at = text.lastIndexOf('#'); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('#', at - 1)) {
    const isStart = at === 0 || /\s/u.test(text[at - 1]);
    const typed = text.slice(at + 1).trim().toLowerCase();
    const label = isStart && typed ? labels.find(({ name }, index) => name.toLowerCase() === typed || String(index + 1) === typed) : undefined;
    if (label) return { text: text.slice(0, at).trimEnd(), label };
  }
  return null;
}
