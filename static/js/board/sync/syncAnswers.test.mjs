/** Keeping up with a server that answers whatever a test wants: what is asked, how often, in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../onBoard.mjs';
import { BoardModel } from '../model/boardModel.js';
import { Sync } from './sync.js';

const settle = () => new Promise((resolve) => { setImmediate(resolve); });
const list = (name, pos) => ({ name, listDesc: '', pos, attachedFiles: {}, cards: {} });
const snapshot = (rev, name = 'a') => ({ rev, project: { id: 1, name: 'p', ownerName: 'o', members: {}, lists: { 1: list(name, 0) } } });

class Bench {
  asked = [];
  closedBy = [];
  synced = 0;
  answers = {}; // event → answer, error or function
  snapshots = [];

  constructor() {
    this.model = new BoardModel(snapshot(5));
    this.sync = new Sync({
      model: this.model,
      channel: {
        emit: async (event, data) => {
          this.asked.push(event === 'sync_project' ? `sync since ${data.sinceRev}` : 'join');
          return this.#result(this.answers[event]);
        },
      },
      loadSnapshot: async () => {
        this.asked.push('snapshot');
        return this.#result(this.snapshots.length > 1 ? this.snapshots.shift() : this.snapshots[0]);
      },
      onSynced: () => { this.synced += 1; }, onClosed: (error) => this.closedBy.push(error.code),
    });
  }

  #result(answer) {
    if (answer instanceof Error) throw answer;
    return answer;
  }

  news() {
    return this.asked.splice(0);
  }
}

const error = (code, more = {}) => Object.assign(new Error(''), { code, ...more });
const renamed = (rev, name) => ({ rev, name: 'update_list', payload: { id: 1, name, listDesc: '', rev } });

test('in step: one join, nothing fetched', async () => {
  const bench = new Bench();
  bench.answers = { join_project_room: { rev: 5 } };
  await bench.sync.catchUp();
  assert.deepEqual([bench.news(), bench.synced], [['join'], 1]);
});

test('behind: missed events are fetched and applied before anything is sent', async () => {
  const bench = new Bench();
  bench.answers = { join_project_room: { rev: 7 }, sync_project: { events: [renamed(6, 'b'), renamed(7, 'c')] } };
  await bench.sync.catchUp();
  assert.deepEqual([bench.news(), bench.synced, bench.model.rev, bench.model.view.lists.get('1').name], [['join', 'sync since 5'], 1, 7, 'c']);
});

test('a board that has diverged loads a snapshot, once', async () => {
  const bench = new Bench();
  bench.snapshots = [snapshot(9, 'from the snapshot')];
  bench.sync.receive('update_list', [{ id: 404, name: 'nowhere', rev: 6 }]);
  await settle();
  assert.deepEqual(bench.news(), ['snapshot']);
  assert.deepEqual([bench.model.rev, bench.model.view.lists.get('1').name, bench.synced], [9, 'from the snapshot', 1]);
});

test('events that have diverged, a reset and a gap that stays open load the snapshot', async () => {
  for (const answer of [{ events: [{ rev: 6, name: 'update_list', payload: { id: 404, name: 'x' } }] }, { reset: true }, { events: [] }]) {
    const bench = new Bench();
    bench.sync.receive('update_list', [{ id: 1, name: 'ahead', listDesc: '', rev: 8 }]);
    bench.answers = { join_project_room: { rev: 8 }, sync_project: answer };
    bench.snapshots = [snapshot(8, 'whole')];
    await bench.sync.catchUp();
    bench.sync.close();
    assert.deepEqual(bench.news(), ['join', 'sync since 5', 'snapshot'], JSON.stringify(answer));
    assert.deepEqual([bench.model.view.lists.get('1').name, bench.closedBy], ['whole', []]);
  }
});

test('a failed snapshot is retried as a snapshot', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  bench.snapshots = [error(undefined), snapshot(9, 'at last')];
  bench.sync.receive('update_list', [{ id: 404, name: 'nowhere', rev: 6 }]);
  await settle();
  assert.deepEqual([bench.news(), bench.closedBy], [['snapshot'], []]);
  t.mock.timers.tick(2000);
  await settle();
  assert.deepEqual([bench.news(), bench.model.rev], [['snapshot'], 9]);
});

for (const code of ['forbidden', 'notFound', 'unauthenticated']) {
  test(`${code} closes the board, once, without further requests`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const bench = new Bench();
    bench.answers = { join_project_room: error(code) };
    await bench.sync.catchUp();
    t.mock.timers.tick(3_600_000);
    await settle();
    assert.deepEqual([bench.closedBy, bench.news(), bench.synced], [[code], ['join'], 0]);
  });
}

for (const code of ['timeout', 'internal', 'unavailable', 'rateLimited', 'invalid', 'conflict', undefined]) {
  test(`${code} does not close the board: retried with growing pauses`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const bench = new Bench();
    bench.answers = { join_project_room: error(code) };
    await bench.sync.catchUp();
    for (const pause of [2, 4, 8, 16, 30, 30]) {
      assert.deepEqual(bench.news(), ['join']);
      t.mock.timers.tick(pause * 1000 - 1);
      await settle();
      assert.deepEqual(bench.news(), [], `not before ${pause} s`);
      t.mock.timers.tick(1);
      await settle();
    }
    bench.answers = { join_project_room: { rev: 5 } };
    t.mock.timers.tick(30_000);
    await settle();
    assert.deepEqual([bench.closedBy, bench.synced], [[], 1]);
  });
}

test('retryAfter is in seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  bench.answers = { join_project_room: error('rateLimited', { retryAfter: 9 }) };
  await bench.sync.catchUp();
  bench.news();
  t.mock.timers.tick(8999);
  await settle();
  assert.deepEqual(bench.news(), []);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(bench.news(), ['join']);
});

test('offline: the next connect catches up, no timer does', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  bench.answers = { join_project_room: error('offline') };
  await bench.sync.catchUp();
  t.mock.timers.tick(3_600_000);
  await settle();
  assert.deepEqual([bench.news(), bench.closedBy], [['join'], []]);
});

test('catching up during a run: one more run after it, not two at once', async () => {
  const bench = new Bench();
  bench.answers = { join_project_room: { rev: 5 } };
  bench.sync.catchUp();
  bench.sync.catchUp();
  bench.sync.catchUp();
  assert.deepEqual(bench.news(), ['join']);
  await settle();
  assert.deepEqual(bench.news(), ['join']);
});

test('old and duplicate events send no request', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  bench.sync.receive('update_list', [{ id: 1, name: 'b', listDesc: '', rev: 6 }]);
  bench.sync.receive('update_list', [{ id: 1, name: 'b', listDesc: '', rev: 6 }]);
  bench.sync.receive('update_list', [{ id: 1, name: 'old', listDesc: '', rev: 3 }]);
  t.mock.timers.tick(60_000);
  await settle();
  assert.deepEqual([bench.news(), bench.model.rev, bench.model.view.lists.get('1').name], [[], 6, 'b']);
});
