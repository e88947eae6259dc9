/** Several servers behind nginx, as docker/ runs them: official clients of every kind, a server that leaves, a Redis that is away. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { logIn } from '../lib/people.mjs';
import { Servers } from '../lib/servers.mjs';
import { Tab } from '../lib/tab.mjs';

const kinds = [2, 4].flatMap((generation) => [['polling'], ['websocket'], ['polling', 'websocket']].map((transports) => ({ generation, transports })));
const options = { reconnectionDelay: 50, reconnectionDelayMax: 400 };

const servers = new Servers(3);
let ana;
let ben;
before(async () => {
  await servers.start();
  [ana, ben] = await Promise.all(['ana', 'ben'].map((name) => logIn(name, {}, servers.url)));
});
after(() => servers.stop());
process.on('exit', () => servers.kill());

/** A tab of each kind, each in a browser of its own, so that nginx spreads them over the servers. */
async function openTabs(t, person, board) {
  const tabs = await Promise.all(kinds.map((kind) => Tab.open(t, servers.browserOf(person), { ...kind, ...options })));
  await Promise.all(tabs.map((tab) => tab.join(board)));
  return tabs;
}

function listNames(events) {
  return events.filter(([name]) => name === 'build_new_list').map(([, { name }]) => name);
}

async function makeList(tab, board, name) {
  const answer = await tab.ask('create_list', { projectId: board.id, name, listDesc: '', attachedFiles: {} });
  assert.equal(answer.ok, true, JSON.stringify(answer));
}

/** Everyone gets the lists once and in order, however many servers are between. */
async function allHear(tabs, names) {
  await Promise.all(tabs.map((tab) => tab.until((events) => listNames(events).includes(names.at(-1)), `${names.at(-1)} reaches a client ${tab.generation}`)));
  for (const tab of tabs) assert.deepEqual(listNames(tab.take()), names, `client ${tab.generation} over ${tab.socket.io.opts.transports}`);
}

test('clients 2.x and 4.x, by polling, WebSocket and both, hear what happens on any server', async (t) => {
  const board = await ana.makeBoard();
  const tabs = await openTabs(t, ana, board);
  const names = [];
  for (const [i, tab] of tabs.entries()) {
    names.push(`list ${i}`);
    await makeList(tab, board, names.at(-1));
  }
  await allHear(tabs, names);
  const { project } = await ana.snapshot(board.path);
  assert.deepEqual(Object.values(project.lists).sort((a, b) => b.pos - a.pos).map(({ name }) => name), names);
});

test('a server that leaves takes no one with it, and gets clients again when it is back', async (t) => {
  const board = await ana.makeBoard();
  const tabs = await openTabs(t, ana, board);
  const [leaving] = servers.all;
  await leaving.stop('SIGTERM'); // over ten seconds
  await Promise.all(tabs.map((tab) => tab.reconnected()));
  for (const tab of tabs) await tab.join(board);
  for (const tab of tabs) tab.take();
  await makeList(tabs[0], board, 'without one');
  await allHear(tabs, ['without one']);
  await servers.startServer(leaving);
  await servers.allLive();
  // nginx gives it its share again, and with it the polling tabs of that share, which have to connect anew.
  await servers.hasTraffic(leaving);
  tabs.forEach((tab) => tab.close());
  const others = await openTabs(t, ana, board);
  const back = await Tab.open(t, servers.directly(ana, leaving), options);
  await back.join(board);
  await makeList(others[0], board, 'with it');
  await allHear([...others, back], ['with it']);
});

test('without Redis a change still reaches every server, and the servers say that they are degraded', async (t) => {
  const board = await ana.makeBoard();
  const tabs = await openTabs(t, ana, board);
  for (const [fail, mend] of [
    [() => servers.redis.signal('SIGSTOP'), () => servers.redis.signal('SIGCONT')],
    [() => servers.redis.stop('SIGKILL'), () => servers.startRedis()],
    [() => servers.link.cut(), () => servers.link.mend()],
  ]) {
    await fail();
    const names = ['one', 'two', 'three'];
    for (const [i, name] of names.entries()) await makeList(tabs[i], board, name);
    await allHear(tabs, names);
    for (const server of servers.all) {
      await servers.until(async () => await servers.state(server) === 'degraded', 'a server notices');
      assert.equal((await fetch(`${server.at}/readyz`)).status, 200, 'it keeps its traffic');
    }
    await mend();
    await servers.allLive();
    await makeList(tabs[0], board, 'back');
    await allHear(tabs, ['back']);
  }
});

test('a member who is removed on one server gets nothing more on another, with and without Redis', async (t) => {
  for (const away of [false, true]) {
    const board = await ana.makeBoard({ admins: [ben] });
    const [here, there] = servers.all;
    const owner = await Tab.open(t, servers.directly(ana, here), options);
    const member = await Tab.open(t, servers.directly(ben, there), options);
    const stays = await Tab.open(t, servers.directly(ana, there), options);
    for (const tab of [owner, member, stays]) await tab.join(board);
    const { project } = await ana.snapshot(board.path);
    const [benId] = Object.entries(project.members).find(([, { name }]) => name === 'ben');
    if (away) servers.redis.signal('SIGSTOP');
    assert.equal((await owner.ask('remove_user_from_project', { projectId: board.id, userId: Number(benId) })).ok, true);
    await makeList(owner, board, 'secret');
    await stays.until((events) => listNames(events).includes('secret'), 'the list reaches who stays');
    await member.settle();
    const heard = member.take();
    assert.deepEqual(listNames(heard), [], `no removed member gets anything newer: ${JSON.stringify(heard)}`);
    assert.ok(heard.some(([name]) => name === 'project_closed'), JSON.stringify(heard));
    if (away) {
      servers.redis.signal('SIGCONT');
      await servers.allLive();
    }
  }
});

test('who logs out in one browser is disconnected on another server, with and without Redis', async (t) => {
  for (const away of [false, true]) {
    const person = await logIn('hanna', {}, servers.url);
    const tab = await Tab.open(t, servers.directly(person, servers.all[1]), options);
    const gone = tab.gone();
    if (away) servers.redis.signal('SIGSTOP');
    const answer = await servers.directly(person, servers.all[0]).post('/logout');
    assert.ok([302, 303].includes(answer.status), `log-out: ${answer.status}`);
    await gone;
    if (away) {
      servers.redis.signal('SIGCONT');
      await servers.allLive();
    }
  }
});
