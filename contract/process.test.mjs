/** Starting and stopping the program. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { logIn, Person } from './lib/people.mjs';
import { Tab, within } from './lib/tab.mjs';

const [forStopping, forTwo] = (process.env.CONTRACT_EMPTY_DATABASES ?? '').split(' ');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function folder(t) {
  const dir = mkdtempSync(path.join(tmpdir(), 'taskstack-contract-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Runs the program; `listening` when it serves, `ended` with its exit code. */
function run(t, dir, port, database, command = 'serve', settings = {}) {
  const child = spawn(process.env.CONTRACT_BINARY, [command], {
    cwd: dir,
    env: {
      ...process.env, TASKSTACK_DATA_DIR: dir, TASKSTACK_DB_URI: database, TASKSTACK_ADDR: `127.0.0.1:${port}`,
      TASKSTACK_PUBLIC_URL: `http://127.0.0.1:${port}`, TASKSTACK_RATE_LIMIT: 'off', TASKSTACK_BCRYPT_COST: '4', TASKSTACK_LOG_LEVEL: 'debug', ...settings,
    },
  });
  t.after(() => child.kill('SIGKILL'));
  let log = '';
  child.stderr.on('data', (chunk) => { log += chunk; });
  const ended = once(child, 'exit').then(([code]) => code);
  const listening = Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then((code) => Promise.reject(new Error(`${command} ended with ${code}: ${log}`))),
  ]);
  if (command !== 'serve') listening.catch(() => {});
  return { child, ended, listening, at: `http://127.0.0.1:${port}`, log: () => log };
}

/** Looks until it is so, for a while that a busy machine cannot need. */
async function eventually(isSo, server) {
  for (let triesLeft = 2400; !await isSo(); triesLeft--) {
    assert.ok(triesLeft > 0, server.log());
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

test('SIGTERM: sockets are asked to reconnect, work is finished, the process ends', { timeout: 600_000 }, async (t) => {
  const [dir, port] = [folder(t), await freePort()];
  assert.equal(await run(t, dir, port, forStopping, 'demo').ended, 0);
  const first = run(t, dir, port, forStopping);
  await first.listening;
  const ana = await logIn('ana', {}, first.at);
  const board = await ana.makeBoard();
  const tabs = await Promise.all([[2], [4], [2, ['polling']], [4, ['polling']]].map(([generation, transports]) => Tab.open(t, ana, {
    generation, reconnectionDelay: 100, reconnectionDelayMax: 200, ...(transports && { transports }),
  })));
  for (const tab of tabs) await tab.join(board);
  const gone = Promise.all(tabs.map((tab) => tab.gone()));
  const written = tabs[0].ask('create_list', { projectId: board.id, name: 'last', listDesc: '', attachedFiles: {} });
  assert.equal((await written).ok, true);
  const start = Date.now();
  first.child.kill('SIGTERM');
  for (const reason of await gone) assert.ok(!['io server disconnect', 'io client disconnect'].includes(reason), `${reason} would not come back`);
  assert.equal(await within(first.ended, 'the process ends'), 0, first.log());
  t.diagnostic(`stopped after ${Date.now() - start} ms`);
  assert.doesNotMatch(first.log(), /level=ERROR/);

  const second = run(t, dir, port, forStopping);
  await second.listening;
  await Promise.all(tabs.map((tab) => tab.reconnected()));
  for (const tab of tabs) assert.ok(await tab.join(board) > 0);
  assert.equal((await tabs[0].ask('create_list', { projectId: board.id, name: 'next', listDesc: '', attachedFiles: {} })).ok, true);
  for (const tab of tabs) await tab.until((events) => events.some(([name, list]) => name === 'build_new_list' && list.name === 'next'), 'news after the restart');
  for (const tab of tabs) tab.close();
  second.child.kill('SIGTERM');
  assert.equal(await second.ended, 0, second.log());
});

test('two servers started at once on one empty database both come up', { timeout: 600_000 }, async (t) => {
  const dir = folder(t);
  const ports = [await freePort(), await freePort()];
  const both = ports.map((port) => run(t, dir, port, forTwo));
  await Promise.all(both.map(({ listening }) => within(listening, 'serving')));
  for (const { at } of both) assert.equal((await fetch(`${at}/readyz`)).status, 200);
  const signUp = await new Person({ at: both[0].at }).post('/signup', { username: 'zoe', useremail: 'zoe@example.org', password: 'correct horse', password_confirm: 'correct horse' });
  assert.equal(signUp.status, 302);
  const taken = await new Person({ at: both[1].at }).post('/signup', { username: 'Zoe', useremail: 'zoe2@example.org', password: 'correct horse', password_confirm: 'correct horse' });
  assert.equal(taken.status, 200, 'the other server knows');
  for (const { child, ended, log } of both) {
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    assert.doesNotMatch(log(), /level=ERROR/);
  }
});

test('a mail outlives the server that could not send it', { timeout: 600_000 }, async (t) => {
  const [dir, port, nobody] = [folder(t), await freePort(), await freePort()];
  const first = run(t, dir, port, forTwo, 'serve', { TASKSTACK_MAIL: 'smtp', TASKSTACK_SMTP_URL: `smtp://127.0.0.1:${nobody}` });
  await first.listening;
  const answer = await new Person({ at: first.at }).post('/signup', { username: 'yara', useremail: 'yara@example.org', password: 'correct horse' });
  assert.equal(answer.status, 302, 'nobody waits for the mail service');
  await eventually(() => first.log().includes('mail failed'), first);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = run(t, dir, port, forTwo);
  await second.listening;
  await eventually(async () => (await (await fetch(`${second.at}/dev/outbox`)).text()).includes('yara@example.org'), second);
  second.child.kill('SIGTERM');
  assert.equal(await second.ended, 0);
});

test('a wrong setting or command ends at once and says so', async (t) => {
  const [dir, port] = [folder(t), await freePort()];
  const wrong = run(t, dir, port, 'postgres://nowhere');
  wrong.listening.catch(() => {});
  assert.equal(await wrong.ended, 1);
  assert.match(wrong.log(), /TASKSTACK_DB_URI/);
  const unknown = run(t, dir, port, forTwo, 'no-such-command');
  assert.equal(await unknown.ended, 2);
  assert.match(unknown.log(), /usage: taskstack/);
});
