/** Which lists and cards an event has visibly changed, for the soft highlight. */

/**
 * @returns {string[]} ids of elements ("l-12", "c-40"); empty if the view had shown the change before, as it has
 *   with one's own changes
 */
export function touchedBy({ name, payload }, previous, view) {
  const id = String(payload?.id);
  switch (name) {
    case 'build_new_list':
      return previous.lists.has(id) || previous.lists.size === view.lists.size ? [] : [`l-${id}`];
    case 'update_list':
    case 'update_list_pos':
      return differs(previous.lists.get(id), view.lists.get(id)) ? [`l-${id}`] : [];
    case 'build_new_card':
      return previous.cards.has(id) || previous.cards.size === view.cards.size ? [] : [`c-${id}`];
    case 'update_card':
      return differs(previous.cards.get(id), view.cards.get(id)) ? [`c-${id}`] : [];
    case 'update_cards_pos':
      return payload.cards.map((card) => String(card.id)).filter((card) => differs(previous.cards.get(card), view.cards.get(card)))
        .map((card) => `c-${card}`);
    default:
      return [];
  }
}

function differs(before, after) {
  if (!before || !after) return before !== after;
  return ['name', 'desc', 'pos', 'listId'].some((key) => before[key] !== after[key])
    || String(before.members) !== String(after.members) || String(Object.keys(before.files)) !== String(Object.keys(after.files));
}
