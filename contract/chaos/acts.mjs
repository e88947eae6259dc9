/** What people do, at random, in proportions that keep a board neither empty nor endless. */
import * as operations from '../../static/js/board/model/allOperations.mjs';
import { cardsOf, listsOf } from '../../static/js/board/model/boardState.js';

let count = 0;

/** A unique name. */
function unique(by) {
  count += 1;
  return `new ${by} ${count}`;
}

const pickFrom = (random) => (items) => items[random(items.length)];

/** An event of an old page, from what it shows. */
export function oldAct(page, random, board) {
  const pick = pickFrom(random);
  const lists = Object.entries(page.lists);
  const cards = lists.flatMap(([listId, list]) => Object.keys(list.cards).map((id) => ({ id, listId, ...list.cards[id] })));
  const name = `o${random(1e9)}`;
  if (lists.length < 3) return ['create_list', { name, listDesc: '', attachedFiles: {} }];
  const [listId, list] = pick(lists);
  const files = (taken) => (random(4) ? {} : { [`f${random(9)}`]: Buffer.from(name) , ...taken });
  const acts = [
    () => ['move_list', { id: listId, pos: random(lists.length) }],
    () => ['edit_list', { id: listId, name, listDesc: name, newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: Object.keys(list.attachedFiles).slice(0, random(2)) }],
    () => ['create_card', { listId, name, cardDesc: '', attachedFiles: files(), members: [pick(board.people)] }],
    () => ['create_card', { listId, name, cardDesc: name, attachedFiles: {}, members: [] }],
  ];
  if (lists.length < 8) acts.push(() => ['create_list', { name, listDesc: '', attachedFiles: files() }]);
  if (lists.length > 5) acts.push(() => ['delete_list', { id: listId }]);
  if (cards.length === 0) return pick(acts)();
  const card = pick(cards);
  const move = () => ['move_card', { id: card.id, listId, pos: random(8) }];
  acts.push(
    move, move, move,
    () => ['move_cards', { ids: [...new Set([card.id, pick(cards).id, pick(cards).id])], listId, pos: random(8) }],
    () => ['edit_card', {
      id: card.id, listId: card.listId, name, cardDesc: name, newAttachedFiles: files(), replacedAttachedFiles: {},
      removedAttachedFiles: Object.keys(card.attachedFiles).slice(0, random(2)), newMembers: [pick(board.people)], removedMembers: [pick(board.people)],
    }],
  );
  if (cards.length > 15) acts.push(() => ['delete_card', { id: card.id, listId: card.listId }]);
  return pick(acts)();
}

/** Operations of a new page, which may build on what the server has not answered yet; or an event of trash and archive. */
export function newAct(model, random, board, by) {
  const pick = pickFrom(random);
  const { view } = model;
  const lists = listsOf(view);
  const cards = [...view.cards.values()];
  const text = `e${random(1e9)}`;
  if (lists.length < 3) return { operations: [operations.createList({ name: unique(by) })] };
  const list = pick(lists);
  const listId = list.id;
  const content = () => (random(4) ? {} : { [`f${random(9)}`]: Buffer.from(text) });
  const acts = [
    () => [operations.moveList({ id: listId, pos: random(lists.length) })],
    () => [operations.editList({ id: listId, changes: random(2) ? { name: text } : { desc: text }, base: { name: list.name, desc: list.desc } })],
    () => [operations.createCard({ listId, name: unique(by), members: [pick(board.people)].map(String) })],
    () => [operations.createCard({ listId, name: unique(by), files: content() })],
    () => {
      const card = operations.createCard({ listId, name: unique(by) });
      return [card, operations.editCard({ id: card.temporaryId, changes: { desc: text } }), operations.moveCard({ id: card.temporaryId, listId: pick(lists).id, pos: 0 })];
    },
  ];
  if (lists.length < 8) {
    acts.push(() => {
      const made = operations.createList({ name: unique(by) });
      return [made, operations.moveList({ id: made.temporaryId, pos: 1_000_000 }), operations.createCard({ listId: made.temporaryId, name: unique(by) })];
    });
  }
  if (lists.length > 5) acts.push(() => [operations.removeList({ id: listId })], () => [operations.archiveList({ id: listId })]);
  if (cards.length > 0) acts.push(...onCards({ cards, listId, view, text, content, board, random, pick }));
  return random(12) === 0 && board.removed.length > 0 ? fromTrash(board, random) : { operations: pick(acts)() };
}

function onCards({ cards, listId, view, text, content, board, random, pick }) {
  const card = pick(cards);
  const move = () => [operations.moveCard({ id: card.id, listId, pos: random(cardsOf(view, listId).length + 1) })];
  const acts = [
    move, move, move,
    () => [operations.moveCards({ ids: [...new Set([card.id, pick(cards).id, pick(cards).id])], listId, pos: random(6) })],
    () => [operations.editCard({ id: card.id, changes: random(2) ? { name: text } : { desc: text }, base: { name: card.name, desc: card.desc } })],
    () => [operations.editCard({ id: card.id, newMembers: [String(pick(board.people))], removedMembers: [String(pick(board.people))] })],
    () => [operations.editCard({ id: card.id, files: { added: content(), replaced: {}, removed: Object.keys(card.files).slice(0, random(2)) } })],
  ];
  if (cards.length > 15) acts.push(() => [operations.removeCard({ id: card.id })], () => [operations.archiveCard({ id: card.id })]);
  return acts;
}

// What waits is looked up by the owner now and then (run.mjs).
function fromTrash(board, random) {
  const { from, kind, id } = board.removed.splice(random(board.removed.length), 1)[0];
  return { event: `restore_from_${from}`, data: { kind, id } };
}
