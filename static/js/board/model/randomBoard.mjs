/** Random acts on a board, the same for the same seed, for property tests. */

/** A generator of integers 0..n-1 that repeats itself for the same seed. */
export function randomOf(seed) {
  let state = seed * 2654435761 >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

/** A random event of the client that fits `lists`, each `{id, cards: [{id}]}`. */
export function randomAct(lists, random) {
  const pick = (items) => items[random(items.length)];
  const cards = lists.flatMap((list) => list.cards);
  const files = random(3) ? {} : { [`f${random(4)}`]: 1 };
  const name = `n${random(1_000_000)}`;
  if (lists.length < 2) return ['create_list', { name, listDesc: '', attachedFiles: files }];
  const list = pick(lists).id;
  const changed = { newAttachedFiles: files, replacedAttachedFiles: {}, removedAttachedFiles: [`f${random(4)}`].slice(random(2)) };
  const acts = [
    ['create_list', { name, listDesc: '', attachedFiles: files }],
    ['move_list', { id: list, pos: random(lists.length + 2) }],
    ['edit_list', { id: list, name, listDesc: 'd', ...changed }],
    ['create_card', { listId: list, name, cardDesc: '', attachedFiles: files, members: [1 + random(3)] }],
    ['create_card', { listId: list, name, cardDesc: '', attachedFiles: {}, members: [] }],
  ];
  if (lists.length > 5) acts.push(['delete_list', { id: list }]);
  else acts.push(['copy_list', { id: list, name }]);
  if (cards.length > 0) {
    const card = pick(cards).id;
    acts.push(
      ['move_card', { id: card, listId: list, pos: random(8) }],
      ['move_card', { id: card, listId: list, pos: random(8) }],
      ['move_cards', { ids: [...new Set([card, pick(cards).id, pick(cards).id])], listId: list, pos: random(8) }],
      ['copy_card', { id: card, name }],
      ['sort_list', { id: list, ids: [...new Set([card, pick(cards).id, pick(cards).id])] }],
      ['edit_card', { id: card, name, cardDesc: 'd', ...changed, newMembers: [1 + random(3)], removedMembers: [1 + random(3)] }],
    );
    if (cards.length > 20) acts.push(['delete_card', { id: card, listId: list }]);
  }
  return pick(acts);
}
