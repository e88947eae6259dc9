/** Doing and undoing, as this page shows it and as the server receives it: the board is what it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../board/onBoard.mjs';
import { BoardModel } from '../board/model/boardModel.js';
import { cardsOf, listsOf } from '../board/model/boardState.js';
import { archiveCard, copyCard, editCard, moveCard, moveCards, removeCard, sortCards } from '../cards/operations.js';
import { archiveList, copyList, editList, moveList, removeList } from '../lists/operations.js';
import { deserialize, serialize } from '../board/model/operations.js';
import { randomAct, randomOf } from '../board/model/randomBoard.mjs';
import { ReferenceBoard } from '../board/model/referenceBoard.mjs';
import { inverseOf, UndoStack } from '../board/undoStack.js';

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
      const way = inverseOf(operation, before);
      const after = operation.apply(before, model);
      const sent = operation.payload((id) => Number(model.realId(id)), model);
      const answer = board.handle(operation.event, sent);
      assert.equal(answer.ok, true, operation.event);
      assert.deepEqual(shown(after), order(board), `seed ${seed}: ${operation.type} shows what the server does with ${JSON.stringify(sent)}`);
      if (!way) {
        assert.deepEqual(shown(after), shown(before), `seed ${seed}: ${operation.type} has no way back, so it changes nothing`);
        continue;
      }
      const back = way.create(answer.rev);
      assert.deepEqual(everything(back.apply(after, model)), everything(before), `seed ${seed}: ${operation.type} and back, as shown`);
      const wanted = back.payload((id) => Number(model.realId(id)), model);
      assert.equal(wanted.undoes, answer.rev, 'it takes back what was answered so, and nothing later');
      assert.equal(board.handle(back.event, wanted).ok, true);
      assert.deepEqual(order(board), server, `seed ${seed}: ${operation.type} and back by ${JSON.stringify(wanted)}, at the server`);
      assert.equal(way.count, operation.type === 'moveCards' ? operation.args.ids.length : 1);
      tried.set(operation.type, (tried.get(operation.type) ?? 0) + 1);
    }
  }
  for (const type of ['moveCard', 'moveCards', 'moveList', 'removeCard', 'archiveCard', 'removeList', 'archiveList']) {
    assert.ok(tried.get(type) >= 20, `${type} was taken back ${tried.get(type)} times`);
  }
});

/** Everything of a board that acts change. */
const contents = ({ lists }) => lists.map(({ id, name, desc, cards }) => [id, name, desc, cards.map((card) => [card.id, card.name, card.desc, card.members.toSorted()])]);
const contentsOf = (state) => listsOf(state).map(({ id, name, desc }) => [
  Number(id), name, desc, cardsOf(state, id).map((card) => [Number(card.id), card.name, card.desc, card.members.toSorted()]),
]);

/** A page with its board and its stack of acts. */
class Page {
  constructor(board) {
    Object.assign(this, { board, model: new BoardModel(board.snapshot()) });
    this.stack = new UndoStack((id) => this.model.realId(id));
  }

  /** Carries out an act of several operations, as the store does. */
  act(operations) {
    this.stack.add({ steps: operations.map((operation) => {
      const before = this.model.view;
      this.model.add(operation);
      const answer = this.board.handle(operation.event, operation.payload((id) => Number(this.model.realId(id)), this.model));
      assert.equal(answer.ok, true, operation.type);
      this.model.accepted(operation, answer);
      this.model.load(this.board.snapshot());
      return { operation, before, answered: Promise.resolve(answer) };
    }) });
    assert.deepEqual(contentsOf(this.model.view), contents(this.board));
  }

  /** Undoes or redoes everything; returns how many acts. */
  async all(next) {
    let count = 0;
    for (let act = this.stack[next]; act; act = this.stack[next]) {
      await act.settled;
      this.stack.take(act);
      const { operations, changed } = await this.stack.inverseOperations(act);
      assert.equal(changed, 0);
      this.act(operations);
      count += 1;
    }
    return count;
  }
}

/** An act that fits a board: one operation, or several. */
function randomOperations({ lists }, random, seed) {
  const pick = (items) => items[random(items.length)];
  const list = String(pick(lists).id);
  const cards = lists.flatMap((each) => each.cards).map(({ id }) => String(id));
  const some = [...new Set([0, 0, 0].map(() => pick(cards)))];
  const acts = [
    [moveCard({ id: some[0], listId: list, pos: random(7) })], [moveCards({ ids: some, listId: list, pos: random(7) })], [moveList({ id: list, pos: random(7) })],
    [editCard({ id: some[0], changes: { name: `n${seed}` } })], [editCard({ id: some[0], changes: { desc: `d${seed}` } })],
    some.map((id) => editCard({ id, newMembers: [String(1 + random(3))], removedMembers: [String(1 + random(3))] })),
    [editList({ id: list, changes: { name: `l${seed}` } })], [sortCards({ listId: list, ids: some })],
    [copyCard({ id: some[0], name: 'copy' })], [copyList({ id: list, name: 'copies' })],
  ];
  if (cards.length > 6) acts.push(some.map((id) => removeCard({ id })), some.map((id) => archiveCard({ id })));
  if (lists.length > 3) acts.push([removeList({ id: list })], [archiveList({ id: list })]);
  return pick(acts);
}

test('any acts, one after the other: undone they leave the board as it was, redone as it had become, on the page and at the server', async () => {
  let undone = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { board, random } = filled(seed);
    const page = new Page(board);
    const before = contents(board);
    for (let step = 0; step < 15; step++) page.act(randomOperations(board, random, seed * 100 + step));
    const after = contents(board);
    for (const [next, expected] of [['last', before], ['lastUndone', after], ['last', before], ['lastUndone', after]]) {
      undone += await page.all(next);
      assert.deepEqual(contents(board), expected, `seed ${seed}: ${next}, at the server`);
      assert.deepEqual(contentsOf(page.model.view), expected, `seed ${seed}: ${next}, on the page`);
    }
  }
  assert.ok(undone > 40 * 4 * 10, `${undone} acts were undone or redone`);
});

test('what takes something back survives a reload, with its revision', () => {
  const { board, random } = filled(3);
  const model = new BoardModel(board.snapshot());
  for (const operation of undoables(board, random)) {
    const back = inverseOf(operation, model.view)?.create(42);
    if (!back) continue;
    const [again] = deserialize(structuredClone([serialize(back, model)])).operations;
    const payload = (of) => of.payload((id) => Number(model.realId(id)), model);
    assert.deepEqual([again.event, payload(again), again.actionId], [back.event, payload(back), back.actionId]);
    assert.equal(payload(again).undoes, 42);
  }
});

test('where a card comes from is where it goes back to: trash from the trash, archive from the archive', () => {
  const { board } = filled(1);
  const { view } = new BoardModel(board.snapshot());
  const [[{ id: list }], [{ id: card }]] = [listsOf(view), [...view.cards.values()]];
  const events = [removeCard({ id: card }), archiveCard({ id: card }), removeList({ id: list }), archiveList({ id: list })]
    .map((operation) => inverseOf(operation, view).create(1).event);
  assert.deepEqual(events, ['restore_from_bin', 'restore_from_archive', 'restore_from_bin', 'restore_from_archive']);
});
