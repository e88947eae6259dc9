/** Who may connect, and what the first packets look like (socket-events.md, section 1). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, logIn, newName, Person, signUp } from './lib/people.mjs';
import { Tab } from './lib/tab.mjs';

const path = (eio, rest = '') => `/socket.io/?EIO=${eio}&transport=polling${rest}`;

/** The packets of an EIO 3 text payload. */
function packets(body) {
  const all = [];
  for (let rest = body; rest;) {
    const [, length] = /^(\d+):/.exec(rest);
    const start = length.length + 1;
    all.push([...rest.slice(start)].slice(0, Number(length)).join(''));
    rest = rest.slice(start + all.at(-1).length);
  }
  return all;
}

test('EIO 3: OPEN and the root connection arrive in one answer', async () => {
  const ana = await logIn('ana');
  for (const [b64, type] of [['&b64=1', 'text/plain'], ['', 'application/octet-stream']]) {
    const answer = await ana.get(path(3, b64));
    assert.equal(answer.status, 200);
    const raw = Buffer.from(await answer.arrayBuffer());
    const list = raw[0] === 0 ? binaryPackets(raw) : packets(raw.toString());
    assert.equal(raw[0] === 0, type === 'application/octet-stream' && answer.headers.get('content-type').startsWith(type), 'framing fits its type');
    assert.equal(list.length, 2);
    const open = JSON.parse(list[0].slice(1));
    assert.equal(list[0][0], '0');
    assert.deepEqual([open.upgrades, open.pingInterval, open.pingTimeout], [['websocket'], 25_000, 60_000]);
    assert.match(open.sid, /^[\w-]{20,}$/);
    assert.equal(list[1], '40');
    assert.equal(answer.headers.get('set-cookie'), null);
  }
});

/** The packets of an EIO 3 binary payload whose packets are texts: 0, digits, 255, text. */
function binaryPackets(raw) {
  const all = [];
  for (let at = 0; at < raw.length;) {
    const end = raw.indexOf(255, at);
    const length = Number([...raw.subarray(at + 1, end)].join(''));
    all.push(raw.subarray(end + 1, end + 1 + length).toString());
    at = end + 1 + length;
  }
  return all;
}

test('EIO 4: the same numbers, and no root connection without a request', async () => {
  const ana = await logIn('ana');
  const text = await (await ana.get(path(4))).text();
  const open = JSON.parse(text.slice(1));
  assert.deepEqual([open.upgrades, open.pingInterval, open.pingTimeout], [['websocket'], 25_000, 60_000]);
});

test('no login, an ended one, a forged one and an unverified account are refused', async (t) => {
  const ended = await logIn('ana');
  await ended.post('/logout');
  const { person: unverified } = await signUp(newName());
  const refused = { visitor: new Person({ name: 'visitor' }), ended, forged: new Person({ name: 'forged', cookie: 'session=AAAA' }), unverified };
  for (const [who, person] of Object.entries(refused)) {
    for (const eio of [3, 4]) {
      const answer = await person.get(path(eio));
      assert.deepEqual([who, answer.status, await answer.text()], [who, 401, '"Unauthorized"']);
    }
    for (const generation of [2, 4]) {
      for (const transports of [undefined, ['websocket']]) {
        const tab = new Tab(person, { generation, reconnection: false, ...(transports && { transports }) });
        t.after(() => tab.close());
        await assert.rejects(tab.connected(), `${who}, client ${generation}, ${transports}`);
      }
    }
  }
});

test('a login that ends between handshake and namespace lets no one in (D46)', async () => {
  for (const namespace of ['', '/project,']) {
    const ana = await logIn('ana');
    const { sid } = JSON.parse((await (await ana.get(path(4))).text()).slice(1));
    await ana.post('/logout');
    const session = path(4, `&sid=${sid}`);
    assert.equal((await ana.request(session, { method: 'POST', body: `40${namespace}`, headers: { 'content-type': 'text/plain' } })).status, 200);
    // What was on its way may still come; then there is no such connection.
    let answer;
    for (let i = 0; i < 3 && answer?.status !== 400; i += 1) answer = await ana.get(session);
    assert.equal(answer.status, 400, namespace);
  }
});

for (const generation of [2, 4]) {
  test(`whoever says that nobody is signed in follows public boards and does nothing else, client ${generation}`, async (t) => {
    const ana = await logIn('ana');
    const [open, closed] = [await ana.makeBoard({ isPublic: true }), await ana.makeBoard()];
    const owner = await Tab.open(t, ana);
    const expired = new Person({ name: 'expired', cookie: 'session=AAAA' });
    for (const person of [new Person({ name: 'visitor' }), expired]) {
      const visitor = await Tab.open(t, person, { generation, query: { visitor: 1 } });
      const since = await visitor.join(open);
      assert.equal((await visitor.ask('join_project_room', closed.id)).error, 'notFound');
      const list = { projectId: open.id, name: 'n', listDesc: '', attachedFiles: {} };
      for (const event of ['create_list', 'delete_project', 'remove_user_from_project']) assert.equal((await visitor.ask(event, list)).error, 'unauthenticated');
      const { id } = await owner.ask('create_list', list);
      await visitor.until((heard) => heard.length > 0, 'the list');
      assert.deepEqual(visitor.take().map(([event, data]) => [event, data.id]), [['build_new_list', id]]);
      assert.equal((await visitor.ask('sync_project', { projectId: open.id, sinceRev: since })).events.length, 1);
      const root = await Tab.open(t, person, { generation, namespace: '/', query: { visitor: 1 } });
      assert.equal((await root.ask('no_such_event')).error, 'notFound');
    }
    // A signed-in client keeps its identity.
    const self = await Tab.open(t, ana, { generation, query: { visitor: 1 } });
    assert.equal((await self.ask('create_list', { projectId: closed.id, name: 'mine', listDesc: '', attachedFiles: {} })).ok, true);
  });
}

test('a page of another site may not connect', async () => {
  const ana = await logIn('ana');
  for (const eio of [3, 4]) {
    for (const origin of ['https://evil.example', 'null', `${base}.evil.example`]) {
      const answer = await ana.get(path(eio), { origin });
      assert.ok(answer.status >= 400 && answer.status < 500, `${origin}: ${answer.status}`);
      assert.notEqual(answer.headers.get('access-control-allow-origin'), origin);
    }
    assert.equal((await ana.get(path(eio), { origin: base })).status, 200);
  }
});

for (const generation of [2, 4]) {
  test(`clients upgrade by default, and those that only poll or only use WebSocket work, client ${generation}`, async (t) => {
    const ana = await logIn('ana');
    const board = await ana.makeBoard();
    const options = [{}, { transports: ['polling'] }, { transports: ['websocket'] }, { transports: ['polling'], forceBase64: true }];
    const tabs = await Promise.all(options.map((each) => Tab.open(t, ana, { generation, ...each })));
    for (const tab of tabs) await tab.join(board);
    for (const [i, tab] of tabs.entries()) {
      const answer = await tab.ask('create_list', { projectId: board.id, name: `ü😀${i}`, listDesc: '', attachedFiles: { 'ö.bin': Buffer.from([0, 255, 128]) } });
      assert.equal(answer.ok, true, JSON.stringify(answer));
      const link = (await ana.snapshot(board.path)).project.lists[answer.id].attachedFiles['ö.bin'];
      assert.deepEqual(Buffer.from(await (await ana.get(link.slice(base.length))).arrayBuffer()), Buffer.from([0, 255, 128]));
    }
    for (const tab of tabs) {
      await tab.settle();
      assert.deepEqual(tab.take().filter(([name]) => name === 'build_new_list').map(([, { name }]) => name), ['ü😀0', 'ü😀1', 'ü😀2', 'ü😀3']);
    }
    const transport = (tab) => tab.socket.io.engine.transport.name;
    assert.deepEqual(tabs.slice(1).map(transport), ['polling', 'websocket', 'polling']);
    if (transport(tabs[0]) !== 'websocket') await new Promise((resolve) => { tabs[0].socket.io.engine.once('upgrade', resolve); });
    assert.equal(transport(tabs[0]), 'websocket');
  });
}
