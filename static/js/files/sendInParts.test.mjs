/** A file in parts against a fake server that keeps what has come. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { senderFor, sendInParts } from './sendInParts.js';
import { sendFile } from '../board/sync/sendFile.js';

const file = Object.assign(new Blob(['0123456789']), { name: 'f', lastModified: 7 });
const memory = new Map();
globalThis.localStorage = Object.assign(Object.create({
  getItem: (key) => memory.get(key) ?? null, setItem: (key, value) => { memory.set(key, value); localStorage[key] = value; },
  removeItem: (key) => { memory.delete(key); delete localStorage[key]; },
}));
afterEach(() => { for (const key of [...memory.keys()]) localStorage.removeItem(key); });

class Server {
  parts = new Map(); // action → numbers
  sent = [];
  breaksAt = -1;

  send = async ({ actionId, part, parts, body }) => {
    if (part === this.breaksAt) {
      this.breaksAt = -1;
      throw Object.assign(new Error(''), { code: 'offline' });
    }
    this.sent.push(part ?? 'end');
    if (parts === 1) return { ok: true, rev: 5, actionId };
    this.parts.set(actionId, [...this.parts.get(actionId) ?? [], part]);
    return { ok: true, size: body.size };
  };

  ask = async ({ actionId }) => this.parts.get(actionId) ?? [];

  upload(actionId, onProgress) {
    return sendInParts({ kind: 'card', id: '1', file, actionId, onProgress, signal: new AbortController().signal }, 4, this.send, this.ask);
  }
}

test('all parts are sent, and then the end', async () => {
  const server = new Server();
  const shares = [];
  assert.equal((await server.upload('a', (share) => shares.push(share))).rev, 5);
  assert.deepEqual([server.sent, shares], [[0, 1, 2, 'end'], [0.4, 0.8, 1]]);
  assert.equal(memory.size, 0);
});

test('a broken line goes on where it stopped, and says that something has arrived', async () => {
  const server = new Server();
  server.breaksAt = 1;
  await assert.rejects(server.upload('a'), { code: 'offline', hasMoved: true });
  server.breaksAt = 1;
  await assert.rejects(server.upload('a'), { hasMoved: false });
  await server.upload('a');
  assert.deepEqual(server.sent, [0, 1, 2, 'end']);
});

test('after a reload the same file goes on, unless it was completed', async () => {
  const server = new Server();
  server.breaksAt = 2;
  await assert.rejects(server.upload('a'));
  assert.equal((await server.upload('b')).actionId, 'a');
  assert.deepEqual(server.sent, [0, 1, 2, 'end']);
  server.breaksAt = 2;
  await assert.rejects(server.upload('c'));
  server.parts.clear();
  assert.equal((await server.upload('d')).actionId, 'd');
});

test('small files are sent at once', () => {
  assert.equal(senderFor({ size: 4 }, { part: 4 }), sendFile);
  assert.equal(senderFor({ size: 400 }, {}), sendFile);
  assert.notEqual(senderFor({ size: 5 }, { part: 4 }), sendFile);
});
