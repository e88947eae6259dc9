/** Doing and undoing, as this page shows it and as the server is told: the board is what it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoardModel } from '../projects/boardModel.js';
import { cardsOf, listsOf } from '../projects/boardState.js';
import {
  archiveCard, archiveList, moveCard, moveCards, moveList, recorded, removeCard, removeList, revived,
} from '../projects/operations.js';
import { randomAct, randomOf } from '../projects/randomBoard.mjs';
import { ReferenceBoard } from '../projects/referenceBoard.mjs';
import { wayBack } from './wayBack.js';

/** A reference that can take back as well: what left the board is kept with its place. */
class UndoBoard extends ReferenceBoard {
  #off = new Map();

  delete_card(data) {
    return this.#off_(data, 'card', () => super.delete_card(data));
  }

  archive_card(data) {
    return this.#off_(data, 'card', () => super.delete_card(data));
  }

  delete_list(data) {
    return this.#off_(data, 'list', () => super.delete_list(data));
  }

  archive_list(data) {
    return this.#off_(data, 'list', () => super.delete_list(data));
  }

  restore_from_bin({ kind, id }) {
    this.lists = this.#off.get(`${kind} ${id}`);
    this.rev += 1;
    return null;
  }

  restore_from_archive(data) {
    return this.restore_from_bin(data);
  }

  // All are thought away, then each comes to the index it had, from the first to the last.
  put_cards_back({ cards }) {
    const all = new Map(this.lists.flatMap((list) => list.cards).map((card) => [card.id, card]));
    for (const list of this.lists) list.cards = list.cards.filter(({ id }) => !cards.some((spot) => spot.id === id));
    for (const { id, listId, pos } of cards.toSorted((a, b) => a.pos - b.pos)) {
      this.lists.find((list) => list.id === listId).cards.splice(pos, 0, all.get(id));
    }
    this.rev += 1;
    return null;
  }

  #off_({ id }, kind, remove) {
    const before = structuredClone(this.lists);
    const result = remove();
    if (result !== 'notFound') this.#off.set(`${kind} ${id}`, before);
    return result;
  }
}

const order = (board) => board.lists.map((list) => [list.id, list.cards.map(({ id }) => id)]);
const shown = (state) => listsOf(state).map(({ id }) => [Number(id), cardsOf(state, id).map((card) => Number(card.id))]);
const everything = (state) => listsOf(state).map((list) => [list, cardsOf(state, list.id)]);

/** A board with something on it, the same for the same seed. */
function filled(seed) {
  const random = randomOf(seed);
  const board = new UndoBoard({ 1: { name: 'a' }, 2: { name: 'b' }, 3: { name: 'c' } });
  while (board.lists.length < 4 || board.lists.flatMap(({ cards }) => cards).length < 12) board.handle(...randomAct(board.lists, random));
  return { board, random };
}

/** Every operation that can be taken back, on things picked at random. */
function undoables({ lists }, random) {
  const pick = (items) => items[random(items.length)];
  const [list, target] = [String(pick(lists).id), String(pick(lists).id)];
  const cards = lists.flatMap((each) => each.cards).map(({ id }) => String(id));
  const some = [...new Set([0, 0, 0, 0].map(() => pick(cards)))];
  const pos = random(7);
  return [
    moveCard({ id: some[0], listId: target, pos }), moveCards({ ids: some, listId: target, pos }), moveList({ id: list, pos }),
    removeCard({ id: some[0] }), archiveCard({ id: some[0] }), removeList({ id: list }), archiveList({ id: list }),
  ];
}

test('do, undo: the page and the server are as they were, for every operation and many boards', () => {
  const tried = new Map();
  for (let seed = 1; seed <= 60; seed++) {
    const { board, random } = filled(seed);
    for (const operation of undoables(board, random)) {
      const model = new BoardModel(board.snapshot());
      const [before, server] = [model.view, order(board)];
      const way = wayBack(operation, before);
      const after = operation.apply(before, model);
      const sent = operation.payload((id) => Number(model.realId(id)), model);
      const answer = board.handle(operation.event, sent);
      assert.equal(answer.ok, true, operation.event);
      assert.deepEqual(shown(after), order(board), `seed ${seed}: ${operation.recipe} shows what the server does with ${JSON.stringify(sent)}`);
      if (!way) {
        assert.deepEqual(shown(after), shown(before), `seed ${seed}: ${operation.recipe} has no way back, so it changes nothing`);
        continue;
      }
      const back = way.make(answer.rev);
      assert.deepEqual(everything(back.apply(after, model)), everything(before), `seed ${seed}: ${operation.recipe} and back, as shown`);
      const wanted = back.payload((id) => Number(model.realId(id)), model);
      assert.equal(wanted.undoes, answer.rev, 'it takes back what was answered so, and nothing later');
      assert.equal(board.handle(back.event, wanted).ok, true);
      assert.deepEqual(order(board), server, `seed ${seed}: ${operation.recipe} and back by ${JSON.stringify(wanted)}, at the server`);
      assert.equal(way.count, operation.recipe === 'moveCards' ? operation.args.ids.length : 1);
      tried.set(operation.recipe, (tried.get(operation.recipe) ?? 0) + 1);
    }
  }
  for (const recipe of ['moveCard', 'moveCards', 'moveList', 'removeCard', 'archiveCard', 'removeList', 'archiveList']) {
    assert.ok(tried.get(recipe) >= 20, `${recipe} was taken back ${tried.get(recipe)} times`);
  }
});

test('what takes something back survives a reload, with its revision', () => {
  const { board, random } = filled(3);
  const model = new BoardModel(board.snapshot());
  for (const operation of undoables(board, random)) {
    const back = wayBack(operation, model.view)?.make(42);
    if (!back) continue;
    const [again] = revived(structuredClone([recorded(back, model)]));
    const payload = (of) => of.payload((id) => Number(model.realId(id)), model);
    assert.deepEqual([again.event, payload(again), again.actionId], [back.event, payload(back), back.actionId]);
    assert.equal(payload(again).undoes, 42);
  }
});

test('where a card comes from is where it goes back to: bin from the bin, archive from the archive', () => {
  const { board } = filled(1);
  const { view } = new BoardModel(board.snapshot());
  const [[{ id: list }], [{ id: card }]] = [listsOf(view), [...view.cards.values()]];
  const events = [removeCard({ id: card }), archiveCard({ id: card }), removeList({ id: list }), archiveList({ id: list })]
    .map((operation) => wayBack(operation, view).make(1).event);
  assert.deepEqual(events, ['restore_from_bin', 'restore_from_archive', 'restore_from_bin', 'restore_from_archive']);
});
