import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromSnapshot } from '../projects/boardState.js';
import { archiveCard, editCard, moveCard, putCardsBack } from '../projects/operations.js';
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
  assert.deepEqual(undoesOf(await stack.wayBackOf(acts[1])), [8]);
  assert.equal(stack.last, acts[0]);
  stack.take(acts[0]);
  assert.deepEqual(undoesOf(await stack.wayBackOf(acts[0])), [7]);
  assert.equal(stack.last, undefined);
});

test('one\'s own later changes of the same thing are no reason to refuse, those of others are', async () => {
  for (const [others, expected] of [[[], [12]], [[{ payload: { id: 11 } }], [7]], [[{ payload: { cards: [{ id: 11 }] } }], [7]], [[{ payload: { id: 99 } }], [12]]]) {
    const stack = new UndoStack();
    const act = stack.add(doing(7, toB('11')));
    await act.settled;
    for (const event of others) stack.changedByOthers(event);
    assert.equal(stack.add(doing(9, editCard({ id: '11', changes: { name: 'x' } }))), null);
    const undo = doing(12, putCardsBack({ spots: [{ id: '11', listId: '1', pos: 0 }], undoes: 10 }));
    stack.take(act); // while what came later is taken back
    assert.equal(stack.add(undo), null, 'taking back is not taken back');
    await undo.steps[0].answered;
    await null;
    assert.deepEqual(undoesOf(await stack.wayBackOf(act)), expected);
  }
});

test('what was refused has no way back, twenty acts are kept', async () => {
  const stack = new UndoStack();
  const refused = Promise.reject(new Error('forbidden'));
  const act = stack.add({ steps: [{ operation: archiveCard({ id: '11' }), before: board(), answered: refused }] });
  assert.equal(await act.settled, false);
  assert.deepEqual(await stack.wayBackOf(act), []);
  const acts = Array.from({ length: 21 }, (_, index) => stack.add(doing(index + 1, toB('11'))));
  assert.equal(stack.take(acts[0]), false, 'the twenty-first from the end is forgotten');
  assert.equal(stack.take(acts[1]), true, 'the twentieth is there');
});
