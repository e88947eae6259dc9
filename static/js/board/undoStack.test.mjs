import assert from 'node:assert/strict';
import { test } from 'node:test';
import './onBoard.mjs';
import { fromSnapshot } from './model/reducers.js';
import { copyCard, editCard, moveCard, putCardsBack } from '../cards/operations.js';
import { extensions } from './extensions.js';
import { UndoStack } from './undoStack.js';

function board() {
  const cards = { 11: { name: 'One', cardDesc: '', pos: 0, listId: 1, attachedFiles: {}, members: {} }, 12: { name: 'Two', cardDesc: '', pos: 1, listId: 1, attachedFiles: {}, members: {} } };
  return fromSnapshot({ id: 1, name: 'p', ownerName: 'o', members: {}, lists: { 1: { name: 'A', listDesc: '', pos: 0, attachedFiles: {}, cards }, 2: { name: 'B', listDesc: '', pos: 1, attachedFiles: {}, cards: {} } } });
}

const doing = (rev, ...operations) => ({ steps: operations.map((operation) => ({ operation, before: board(), answered: Promise.resolve({ rev }) })) });
const toB = (id) => moveCard({ id, listId: '2', pos: 0 });
const undoesOf = (operations) => operations.map(({ args }) => args.undoes);

test('the last act is taken back first, each by the number the server gave it', async () => {
  const stack = new UndoStack();
  const acts = [stack.add(doing(7, toB('11'))), stack.add(doing(8, toB('12')))];
  await acts[1].settled;
  assert.equal(stack.last, acts[1]);
  assert.ok(stack.take(acts[1]));
  assert.equal(stack.take(acts[1]), false, 'once');
  assert.deepEqual(undoesOf((await stack.inverseOperations(acts[1])).operations), [8]);
  assert.equal(stack.last, acts[0]);
  stack.take(acts[0]);
  assert.deepEqual(undoesOf((await stack.inverseOperations(acts[0])).operations), [7]);
  assert.equal(stack.last, undefined);
});

test('one\'s own later changes of the same thing are no reason to refuse, those of others are', async () => {
  for (const [others, expected] of [[[], [12]], [[{ name: 'update_card', payload: { id: 11 } }], [7]],
    [[{ name: 'update_cards_pos', payload: { cards: [{ id: 11 }] } }], [7]], [[{ name: 'update_card', payload: { id: 99 } }], [12]], [[{ name: 'update_list', payload: { id: 11 } }], [12]],
  ]) {
    const stack = new UndoStack();
    const act = stack.add(doing(7, toB('11')));
    await act.settled;
    for (const event of others) stack.changedByOthers(event);
    assert.equal(stack.add(doing(9, editCard({ id: '11', changes: { name: 'One' } }))), null, 'it changes nothing');
    const undo = doing(12, putCardsBack({ positions: [{ id: '11', listId: '1', pos: 0 }], undoes: 10 }));
    stack.take(act); // while what came later is taken back
    assert.equal(stack.add(undo), null, 'what another page has sent to undo something');
    await undo.steps[0].answered;
    await null;
    assert.deepEqual(undoesOf((await stack.inverseOperations(act)).operations), expected);
  }
});

test('what was refused has no way back, twenty acts are kept', async () => {
  const stack = new UndoStack();
  const refused = Promise.reject(new Error('forbidden'));
  const act = stack.add({ steps: [{ operation: toB('11'), before: board(), answered: refused }] });
  assert.equal(await act.settled, false);
  assert.deepEqual((await stack.inverseOperations(act)).operations, []);
  const acts = Array.from({ length: 21 }, (_, index) => stack.add(doing(index + 1, toB('11'))));
  assert.equal(stack.take(acts[0]), false, 'the twenty-first from the end is forgotten');
  assert.equal(stack.take(acts[1]), true, 'the twentieth is there');
});

test('a module\'s operations are undone and redone, too; a new act ends what could be redone', async () => {
  const vote = (card, up = true) => ({ type: 'vote', args: { card, up } });
  extensions.register('votes', (each) => each.addUndo({
    vote: { inverse: ({ card, up }) => ({ name: card, count: 1, create: () => vote(card, !up) }), done: () => '', idsOf: ({ card }) => [card] },
  }));
  const stack = new UndoStack();
  const act = stack.add(doing(7, vote('11')));
  assert.deepEqual(act.ids, ['11']);
  stack.take(act);
  const { operations: [back] } = await stack.inverseOperations(act);
  assert.deepEqual(back.args, { card: '11', up: false });
  const again = stack.add(doing(8, back));
  assert.deepEqual([stack.last, stack.lastUndone], [undefined, again], 'it can be redone');
  assert.equal(again.label, act.label, 'by the name of what was done');
  assert.notEqual(stack.add(doing(9, vote('11', false))), null);
  assert.equal(stack.lastUndone, undefined);
});

test('what the server would undo although another member has changed it since is left out, and counted', async () => {
  for (const [event, changed] of [
    [{ name: 'update_card', payload: { id: 31 } }, 1], [{ name: 'update_list', payload: { id: 31 } }, 0], [{ name: 'update_cards_pos', payload: { cards: [{ id: 31 }] } }, 1],
  ]) {
    const stack = new UndoStack((id) => (id === 'new1' ? '31' : id));
    const act = stack.add({ steps: [{ operation: copyCard({ id: '11', name: 'copy', temporaryId: 'new1' }), before: board(), answered: Promise.resolve({ rev: 7, id: 31 }) }] });
    await act.settled;
    stack.changedByOthers(event);
    stack.take(act);
    const { operations, changed: left } = await stack.inverseOperations(act);
    assert.deepEqual([operations.length, left], [1 - changed, changed], event.name);
  }
});
