/** Which lists and cards an event has visibly changed; they are highlighted. */
import { extensions } from '../extensions.js';

/**
 * @returns {string[]} ids of elements ("l-12", "c-40"); empty if the view showed the change before the event, as it does
 *   with own changes
 */
export function changedElementIds({ name, payload }, previous, view) {
  return extensions.get('highlight of the event', name)?.(payload, previous, view) ?? [];
}

/** For the event that adds a list or card: its element, if the event has made it visible. */
export function addedElement(kind) {
  return ({ id }, previous, view) => {
    const [before, after] = [previous[`${kind}s`], view[`${kind}s`]];
    return before.has(String(id)) || before.size === after.size ? [] : [`${kind[0]}-${id}`];
  };
}

/** For events about lists or cards: the elements of those, of the given ids, that have changed. */
export function editedElements(kind, { equal }, idsIn = ({ id }) => [id]) {
  return (payload, previous, view) => idsIn(payload).map(String).filter((id) => {
    const [before, after] = [previous[`${kind}s`].get(id), view[`${kind}s`].get(id)];
    return before && after ? !equal(before, after) : before !== after;
  }).map((id) => `${kind[0]}-${id}`);
}
