import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../board/onBoard.mjs';
import { fromSnapshot } from '../board/model/reducers.js';
import { inverseOf } from '../board/undoStack.js';
import { editProject } from './operations.js';

const board = fromSnapshot({ id: 7, title: 'Summer party', name: 'party', ownerName: 'ana', projectDesc: 'In June', members: {}, lists: {} });

test('the texts of a project are undone as they were, as long as they are what they were changed to', () => {
  const { name, detail, create } = inverseOf(editProject({ changes: { title: 'Beach\tparty ', desc: 'In June' } }), board);
  assert.deepEqual({ name, detail }, { name: 'Beach party', detail: 'title' });
  const back = create(12);
  assert.equal(back.args.undoes, 12, 'the server decides about what another person has changed');
  const after = { project: { ...board.project, title: 'Beach party', desc: 'In July' } };
  assert.deepEqual(back.payload(Number, { confirmed: after }), {
    id: 7, title: 'Summer party', name: 'party', projectDesc: 'In July', base: { title: 'Beach party', name: 'party', projectDesc: 'In July' },
  });
  const changed = { project: { ...after.project, title: 'Winter party' } };
  assert.equal(back.payload(Number, { confirmed: changed }).base.title, 'Beach party', 'the server sees that another person has changed it');
  assert.equal(back.apply(after).project.title, 'Summer party');
  assert.deepEqual(inverseOf(back, after).create(13).args.changes, { title: 'Beach party' }, 'and redone');
  assert.equal(inverseOf(editProject({ changes: { title: 'Summer party' } }), board), null, 'nothing was changed');
});
