import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { takeFlashMessage } from '../../lib/flashMessage.js';
import { MembershipWatcher } from './membershipWatcher.js';

const ME = '2';
let kept = new Map();

beforeEach(() => {
  kept = new Map();
  globalThis.sessionStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  globalThis.document = { documentElement: { lang: 'en' }, getElementById: () => null };
});

/** A board of project 7 where person 2 is an admin, and everything that happens to the page. */
function world({ role = 'admin', roleBefore = role, adminsInvite = false, mayInvite = adminsInvite } = {}) {
  const happened = [];
  const store = {
    role: roleBefore, me: ME, projectName: 'Ana/party',
    may: () => mayInvite,
    view: { project: { id: '7', adminsInvite }, members: new Map([[ME, { role }]]) },
    emit: (name, detail) => happened.push([name, detail.code ?? detail.message]),
    set: (name, detail) => happened.push([name, detail.code]),
    catchUp: async () => {
      await null; // an answer of the server
      happened.push(['caught up']);
    },
  };
  const watcher = new MembershipWatcher(store, { reload: () => happened.push(['reloaded']), go: (path) => happened.push(['went', path]) });
  return { watcher, happened };
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

test('a role change reloads the page, once, after the board is up to date', async () => {
  const { watcher, happened } = world({ role: 'access-only', roleBefore: 'admin' });
  watcher.receive('force_reload', [{ projectId: 7 }]);
  watcher.receive('force_reload', [{ projectId: 7 }]);
  await settled();
  assert.deepEqual(happened, [['caught up'], ['reloaded']]);
  assert.match(takeFlashMessage(), /projects\.js\.membership\.role/);
});

test('an admin who may invite now, or may not any more, reads so after the reload', async () => {
  for (const [adminsInvite, mayInvite, message] of [[true, false, /mayInvite/], [false, true, /mayNotInvite/]]) {
    const { watcher } = world({ adminsInvite, mayInvite });
    watcher.receive('force_reload', [{ projectId: 7 }]);
    await settled();
    assert.match(takeFlashMessage(), message);
  }
  const { watcher } = world({ role: 'access-only', adminsInvite: true, mayInvite: false });
  watcher.receive('force_reload', [{ projectId: 7 }]);
  await settled();
  assert.equal(takeFlashMessage(), '');
});

test('an event of an old server has no project, an event of another project is ignored', async () => {
  const { watcher, happened } = world();
  watcher.receive('force_reload', [{ projectId: 8 }]);
  watcher.receive('removed_as_collab_of_project', [8]);
  await settled();
  assert.deepEqual(happened, []);
  watcher.receive('force_reload', []);
  await settled();
  assert.deepEqual(happened, [['caught up'], ['reloaded']]);
});

test('a removed member goes to the start page with a message; the closing of the board adds none', () => {
  const { watcher, happened } = world();
  watcher.receive('removed_as_collab_of_project', [7]);
  watcher.receive('project_closed', []);
  assert.deepEqual(happened, [['went', '/']]);
  assert.match(takeFlashMessage(), /projects\.js\.membership\.removed/);
});

test('the closing of the board may come before the removal: a member goes to the start page, a visitor sees that it is closed', () => {
  const member = world();
  member.watcher.receive('project_closed', []);
  member.watcher.receive('removed_as_collab_of_project', [7]);
  assert.deepEqual(member.happened, [['went', '/']]);
  assert.match(takeFlashMessage(), /projects\.js\.membership\.removed/);
  const visitor = world({ role: 'no-role' });
  visitor.watcher.receive('project_closed', []);
  assert.deepEqual(visitor.happened, [['closed', 'closed']]);
});

test('a deleted project is reported as deleted, although its members are removed, too', () => {
  const { watcher, happened } = world();
  watcher.receive('project_deleted', []);
  watcher.receive('removed_as_collab_of_project', [7]);
  assert.deepEqual(happened, [['closed', 'deleted']]);
});

test('a reader who becomes a member gets the member page', async () => {
  const { watcher, happened } = world({ role: 'admin', roleBefore: 'no-role' });
  watcher.receive('now_collab_of_project', [{ id: 7 }]);
  await settled();
  assert.deepEqual(happened, [['caught up'], ['reloaded']]);
});

test('leaving: events in the meantime change nothing, the start page has the message', async () => {
  const { watcher, happened } = world();
  await watcher.goHomeAfter(async () => {
    watcher.receive('project_closed', []);
    watcher.receive('removed_as_collab_of_project', [7]);
    return { ok: true };
  }, 'left');
  assert.deepEqual(happened, [['went', '/']]);
  assert.equal(takeFlashMessage(), 'left');
});

test('a refused leaving changes nothing', async () => {
  const { watcher, happened } = world();
  await watcher.goHomeAfter(async () => { throw Object.assign(new Error('no'), { code: 'forbidden' }); }, 'left');
  await watcher.goHomeAfter(async () => null, 'left');
  assert.equal(takeFlashMessage(), '');
  watcher.receive('project_closed', []);
  assert.deepEqual(happened, [['refused', 'forbidden'], ['went', '/']]);
});
