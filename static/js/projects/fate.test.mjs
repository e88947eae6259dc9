import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { takeMessage } from '../lib/handOver.js';
import { Fate } from './fate.js';

const ME = '2';
let kept = new Map();

beforeEach(() => {
  kept = new Map();
  globalThis.sessionStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  globalThis.document = { documentElement: { lang: 'en' }, getElementById: () => null };
});

/** A board of project 7 where person 2 is an admin, and everything that happens to the page. */
function world({ role = 'admin', roleBefore = role } = {}) {
  const happened = [];
  const store = {
    role: roleBefore, me: ME, projectName: 'Ana/party',
    view: { project: { id: '7' }, members: new Map([[ME, { role }]]) },
    tell: (name, detail) => happened.push([name, detail.code ?? detail.message]),
    catchUp: async () => { happened.push(['caught up']); },
  };
  const fate = new Fate(store, { reload: () => happened.push(['reloaded']), go: (path) => happened.push(['went', path]) });
  return { fate, happened };
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

test('another role loads the page anew, once, and only after the board is up to date', async () => {
  const { fate, happened } = world({ role: 'access-only', roleBefore: 'admin' });
  fate.hear('force_reload', [{ projectId: 7 }]);
  fate.hear('force_reload', [{ projectId: 7 }]);
  await settled();
  assert.deepEqual(happened, [['caught up'], ['reloaded']]);
  assert.match(takeMessage(), /projects\.js\.fate\.role/);
});

test('an old server names no project, another project is not ours', async () => {
  const { fate, happened } = world();
  fate.hear('force_reload', [{ projectId: 8 }]);
  fate.hear('removed_as_collab_of_project', [8]);
  await settled();
  assert.deepEqual(happened, []);
  fate.hear('force_reload', []);
  await settled();
  assert.deepEqual(happened, [['caught up'], ['reloaded']]);
});

test('who is removed goes home and is told there; that the board closes as well says nothing more', () => {
  const { fate, happened } = world();
  fate.hear('removed_as_collab_of_project', [7]);
  fate.hear('project_closed', []);
  assert.deepEqual(happened, [['went', '/']]);
  assert.match(takeMessage(), /projects\.js\.fate\.removed/);
});

test('a deleted project is said to be deleted, although its members are removed from it', () => {
  const { fate, happened } = world();
  fate.hear('project_deleted', []);
  fate.hear('removed_as_collab_of_project', [7]);
  assert.deepEqual(happened, [['gone', 'deleted']]);
});

test('a reader who becomes a member gets the page of a member', async () => {
  const { fate, happened } = world({ role: 'admin', roleBefore: 'no-role' });
  fate.hear('now_collab_of_project', [{ id: 7 }]);
  await settled();
  assert.deepEqual(happened, [['caught up'], ['reloaded']]);
});

test('leaving: what the server tells meanwhile changes nothing, the start page has the message', async () => {
  const { fate, happened } = world();
  await fate.goHomeAfter(async () => {
    fate.hear('project_closed', []);
    fate.hear('removed_as_collab_of_project', [7]);
    return { ok: true };
  }, 'left');
  assert.deepEqual(happened, [['went', '/']]);
  assert.equal(takeMessage(), 'left');
});

test('leaving that is refused leaves everything as it was', async () => {
  const { fate, happened } = world();
  await fate.goHomeAfter(async () => { throw Object.assign(new Error('no'), { code: 'forbidden' }); }, 'left');
  await fate.goHomeAfter(async () => null, 'left');
  assert.equal(takeMessage(), '');
  fate.hear('project_closed', []);
  assert.deepEqual(happened, [['refused', 'forbidden'], ['gone', 'closed']]);
});
