/** Limits count over all servers. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person } from '../lib/people.mjs';
import { Servers } from '../lib/servers.mjs';

const servers = new Servers(2, { dir: process.env.SERVERS_DIR_LIMITS, db: process.env.SERVERS_DB_LIMITS, env: { TASKSTACK_RATE_LIMIT: 'on' } });
before(() => servers.start());
after(() => servers.stop());
process.on('exit', () => servers.kill());

function guess(server, username) {
  return new Person({ at: server.at }).post('/login', { username, password: 'wrong password' });
}

test('wrong passwords count on whichever server they are tried', async () => {
  for (let i = 0; i < 10; i++) assert.equal((await guess(servers.all[i % 2], 'ana')).status, 200, `attempt ${i + 1}`);
  for (const server of servers.all) {
    const answer = await guess(server, 'ana');
    assert.equal(answer.status, 429, 'the eleventh has to wait');
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
  }
});

test('without Redis each server goes on counting for itself', async () => {
  servers.redis.signal('SIGSTOP');
  for (let i = 0; i < 10; i++) assert.equal((await guess(servers.all[0], 'ben')).status, 200, `attempt ${i + 1}`);
  assert.equal((await guess(servers.all[0], 'ben')).status, 429);
  assert.equal((await guess(servers.all[1], 'ben')).status, 200);
  servers.redis.signal('SIGCONT');
  await servers.allLive();
});
