/** What Sync asks for, in which order, and when it says that changes may be sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../onBoard.mjs';
import { BoardModel } from '../model/boardModel.js';
import { Sync } from './sync.js';

const snapshot = (rev, name = 'x') => ({
  rev,
  project: {
    id: 1, name: 'p', ownerName: 'o', projectDesc: '', visibility: 'private', members: {},
    lists: { 1: { name: 'A', listDesc: '', pos: 0, attachedFiles: {}, cards: { 11: { name, cardDesc: '', pos: 0, attachedFiles: {}, members: {} } } } },
  },
});

const edit = (rev, id = 11) => ({
  rev, name: 'update_card', payload: { id, listId: 1, name: `of ${rev}`, cardDesc: '', removedAttachedFiles: [], newAttachedFiles: [], newMembers: [], removedMembers: [], rev },
});

/** A Sync at revision 10 of a server at `rev` that has missed `events`; `done` is everything in the order it happened. */
function follow(rev, events) {
  const done = [];
  const model = new BoardModel(snapshot(10));
  const channel = {
    async emit(name, data) {
      done.push(name);
      await new Promise((resolve) => { setImmediate(resolve); });
      if (name === 'join_project_room') return { ok: true, rev };
      assert.deepEqual(data, { projectId: 1, sinceRev: model.rev });
      return { ok: true, rev, events };
    },
  };
  const sync = new Sync({
    model, channel, onClosed: () => done.push('closed'), onSynced: () => done.push(`synced at ${model.rev}`),
    loadSnapshot: async () => {
      done.push('snapshot');
      return snapshot(rev, 'loaded');
    },
  });
  return { sync, model, done };
}

test('missed events are applied before operations are sent', async () => {
  const { sync, model, done } = follow(12, [edit(11), edit(12)]);
  await sync.catchUp();
  assert.deepEqual(done, ['join_project_room', 'sync_project', 'synced at 12']);
  assert.equal(model.view.cards.get('11').name, 'of 12');
});

test('without missed events there is no request', async () => {
  const { sync, done } = follow(10, []);
  await sync.catchUp();
  assert.deepEqual(done, ['join_project_room', 'synced at 10']);
});

for (const events of [[edit(11, 99), edit(12)], [edit(11), edit(12, 99)]]) test('what was missed and does not fit is replaced by a snapshot', async () => {
  const { sync, model, done } = follow(12, events);
  await sync.catchUp();
  assert.deepEqual(done.filter((each) => !each.startsWith('synced')), ['join_project_room', 'sync_project', 'snapshot']);
  assert.deepEqual([model.rev, model.view.cards.get('11').name, done.at(-1)], [12, 'loaded', 'synced at 12']);
});

test('missed events with a gap are replaced by a snapshot', async () => {
  const { sync, model, done } = follow(13, [edit(11), edit(13)]);
  await sync.catchUp();
  assert.ok(done.includes('snapshot'));
  assert.deepEqual([model.rev, model.hasHole], [13, false]);
});
