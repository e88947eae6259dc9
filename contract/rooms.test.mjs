/** Joining, catching up, and who receives nothing (any more). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logIn } from './lib/people.mjs';
import { Room } from './lib/room.mjs';
import { news, Tab, withoutAuthor, within } from './lib/tab.mjs';

const names = (events) => events.map(([name]) => name);

test('a client that was away asks for what it missed and gets it as the others received it', async (t) => {
  const room = await Room.open(t);
  const { owner, admin, board } = room;
  const before = room.rev;
  admin.close();
  let list;
  for (const name of ['one', 'two']) {
    const answer = await owner.ask('create_list', { projectId: board.id, name, listDesc: '', attachedFiles: {} });
    list = answer.id;
  }
  await owner.ask('move_list', { projectId: board.id, id: list, pos: 1 });
  const [heard] = await news(room.reader);
  admin.socket.connect();
  await admin.connected();
  assert.equal(await admin.join(board), before + 3);
  const answer = await admin.ask('sync_project', { projectId: String(board.id), sinceRev: before });
  assert.deepEqual(Object.keys(answer).sort(), ['events', 'ok', 'rev']);
  assert.equal(answer.rev, before + 3);
  assert.deepEqual(answer.events.map(({ name, payload }) => [name, withoutAuthor(payload)]), heard);
  const [first, ...authors] = answer.events.map(({ payload }) => payload.by);
  assert.ok(Number.isInteger(first), 'an event says who made the change');
  assert.deepEqual(authors, [first, first], 'each says who made the change');
  assert.deepEqual(answer.events.map(({ rev }) => rev), [1, 2, 3].map((n) => before + n));
  // Nothing missed, and a number from the future: loaded anew.
  assert.deepEqual(await admin.ask('sync_project', { projectId: board.id, sinceRev: before + 3 }), { ok: true, rev: before + 3, events: [] });
  assert.deepEqual(await admin.ask('sync_project', { projectId: board.id, sinceRev: before + 50 }), { ok: true, rev: before + 3, reset: true });
  assert.equal((await room.reader.ask('sync_project', { projectId: board.id, sinceRev: before })).events.length, 3);
  assert.equal((await room.stranger.ask('sync_project', { projectId: board.id, sinceRev: before })).error, 'notFound');
});

test('who missed too much is asked to reload the board', async (t) => {
  const ana = await logIn('ana');
  const board = await ana.makeBoard();
  const tab = await Tab.open(t, ana);
  const since = await tab.join(board);
  const { id } = await tab.ask('create_list', { projectId: board.id, name: 'l', listDesc: '', attachedFiles: {} });
  const moves = 320;
  for (let i = 1; i < moves; i++) tab.tell('move_list', { projectId: board.id, id, pos: 0 });
  const { rev } = await tab.ask('move_list', { projectId: board.id, id, pos: 0 });
  assert.equal(rev, since + moves + 1);
  assert.deepEqual(await tab.ask('sync_project', { projectId: board.id, sinceRev: since }), { ok: true, rev, reset: true });
  assert.deepEqual((await ana.snapshot(board.path)).rev, rev);
  assert.deepEqual(names(tab.take()), ['create_list_successful', 'build_new_list', ...Array(moves).fill(['move_list_successful', 'update_list_pos']).flat()],
    'events of one socket are carried out in order, each confirmed before it is heard');
});

test('rooms are one project\'s each, and joining twice is joining once', async (t) => {
  const ana = await logIn('ana');
  const [one, two] = [await ana.makeBoard(), await ana.makeBoard()];
  const [first, second, both] = await Promise.all([0, 0, 0].map((_, i) => Tab.open(t, ana, { generation: i % 2 ? 2 : 4 })));
  await first.join(one);
  await second.join(two);
  for (const board of [one, two, one, two]) await both.join(board);
  for (const board of [one, two]) await both.ask('create_list', { projectId: board.id, name: `of ${board.id}`, listDesc: '', attachedFiles: {} });
  const [atFirst, atSecond, atBoth] = await news(first, second, both);
  assert.deepEqual(atFirst.map(([, { name }]) => name), [`of ${one.id}`]);
  assert.deepEqual(atSecond.map(([, { name }]) => name), [`of ${two.id}`]);
  assert.deepEqual(names(atBoth), ['create_list_successful', 'build_new_list', 'create_list_successful', 'build_new_list']);
});

test('nothing reaches the root namespace, and its sockets reach no board', async (t) => {
  const room = await Room.open(t);
  const root = await Tab.open(t, room.ana, { namespace: '/' });
  await room.addList(room.owner, 'list');
  assert.equal((await root.ask('create_list', { projectId: room.board.id, name: 'n', listDesc: '', attachedFiles: {} })).error, 'notFound');
  assert.deepEqual(await news(root), [[]]);
});

for (const generation of [2, 4]) {
  test(`who leaves the namespace hears nothing, the others do, client ${generation}`, async (t) => {
    const room = await Room.open(t);
    // One connection with both namespaces, as a page has: leaving one keeps the other, so that what is still
    // sent to the first would arrive.
    const root = await Tab.open(t, room.ana, { generation, namespace: '/' });
    const raw = [];
    const { io } = root.socket;
    const engine = io.engine;
    const project = io.socket('/project');
    await within(new Promise((resolve) => { project.connected ? resolve() : project.once('connect', resolve); project.open?.(); }), 'the second namespace');
    await within(new Promise((resolve) => { project.emit('join_project_room', room.board.id, resolve); }), 'joins');
    engine.on('data', (packet) => raw.push(String(packet)));
    await room.owner.ask('create_list', { projectId: room.board.id, name: 'first', listDesc: '', attachedFiles: {} });
    await root.settle();
    assert.ok(raw.some((packet) => packet.includes('build_new_list')), 'while it is in the room it hears');
    project.close();
    await root.settle(); // behind the leaving, on the same connection
    raw.splice(0);
    room.members.forEach((tab) => tab.take());
    await room.owner.ask('create_list', { projectId: room.board.id, name: 'second', listDesc: '', attachedFiles: {} });
    const [heard] = await news(room.admin);
    assert.deepEqual(names(heard), ['build_new_list']);
    await root.settle();
    assert.deepEqual(raw.filter((packet) => packet.includes('/project')), [], 'nothing of the room comes over the connection any more');
    assert.equal(engine.readyState, 'open');
  });
}

test('the newcomer of an invitation is notified, and so is everyone on the board', async (t) => {
  const room = await Room.open(t);
  const elif = await logIn('elif');
  const home = await Tab.open(t, elif, { namespace: '/' });
  await elif.post(new URL(room.board.data.inviteLink).pathname);
  const { members, id, name, ownerName } = (await room.ana.snapshot(room.board.path)).project;
  const member = Object.values(members).find((each) => each.name === 'elif');
  assert.deepEqual(Object.keys(member).sort(), ['displayName', 'goToUrl', 'id', 'name', 'picUrl', 'role']);
  assert.equal(member.role, 'access-only');
  const heard = await news(home, ...room.members, room.stranger);
  assert.deepEqual(heard.shift(), [['now_collab_of_project', { id, title: name, name, ownerName, goToUrl: room.board.path }]]);
  assert.deepEqual(heard.pop(), []);
  for (const events of heard) assert.deepEqual(events, [['new_project_collab', { ...member, rev: room.rev + 1 }]]);
});

for (const generation of [2, 4]) {
  test(`logging out ends the sockets of that login and no other, client ${generation}`, async (t) => {
    const room = await Room.open(t);
    const browser = await logIn('ben');
    const tabs = await Promise.all(['/', '/project'].map((namespace) => Tab.open(t, browser, { generation, namespace })));
    await tabs[1].join(room.board);
    const gone = Promise.all(tabs.map((tab) => tab.gone()));
    assert.equal((await browser.post('/logout')).status, 302);
    await gone;
    await room.addList(room.owner, 'after'); // room.admin, ben's other browser, receives it
    assert.deepEqual(tabs[1].take(), []);
    const again = new Tab(browser, { generation, reconnection: false });
    t.after(() => again.close());
    await assert.rejects(again.connected());
  });
}
