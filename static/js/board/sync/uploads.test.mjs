/** Uploads against a fake server with the answers of each test. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure } from './sendFile.js';
import { Uploads } from './uploads.js';

const settle = async () => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => { setImmediate(resolve); });
};
const refusal = (code, more = {}) => Object.assign(new Error(''), { code, ...more });

class Bench {
  sent = [];
  open = [];
  revs = [];
  online = true;
  hasNewToken = false;
  ids = new Map([['7', '7']]);
  cards = new Set(['7']);

  constructor() {
    this.uploads = new Uploads({
      model: { realId: (id) => this.ids.get(id), view: { cards: this.cards, lists: new Set() } },
      isOnline: () => this.online, onRev: (rev) => this.revs.push(rev),
      renew: async () => this.hasNewToken,
      post: (upload) => new Promise((resolve, reject) => {
        this.sent.push(upload);
        this.open.push({ resolve, reject });
        upload.signal.addEventListener('abort', () => reject(upload.signal.reason));
      }),
    });
  }

  send(id = '7') {
    const cancelled = new AbortController();
    const result = { state: 'pending', cancel: () => cancelled.abort() };
    this.uploads.send({ kind: 'card', id, file: { name: 'f', size: 1 }, replaces: false, signal: cancelled.signal })
      .then((answer) => Object.assign(result, { state: 'done', answer }), (error) => Object.assign(result, { state: 'refused', error }));
    return result;
  }

  async refuse(code, more) {
    this.open.shift().reject(refusal(code, more));
    await settle();
  }
}

test('the first attempt succeeds', async () => {
  const bench = new Bench();
  const result = bench.send();
  await settle();
  assert.equal(bench.uploads.isBusy, true);
  bench.open.shift().resolve({ ok: true, rev: 8 });
  await settle();
  assert.deepEqual([result.state, bench.sent.length, bench.revs, bench.uploads.isBusy], ['done', 1, [8], false]);
});

test('a stale token is renewed once', async () => {
  const bench = new Bench();
  bench.hasNewToken = true;
  const result = bench.send();
  await settle();
  await bench.refuse('staleToken');
  assert.deepEqual([result.state, bench.sent.length], ['pending', 2]);
  await bench.refuse('staleToken');
  assert.deepEqual([result.state, result.error.code, bench.sent.length], ['refused', 'staleToken', 2]);
});

test('three disconnects: retried after 1 and 2 seconds with the same action id, then refused', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  const result = bench.send();
  await settle();
  for (const pause of [1000, 2000]) {
    await bench.refuse('offline');
    t.mock.timers.tick(pause - 1);
    await settle();
    assert.equal(bench.open.length, 0);
    t.mock.timers.tick(1);
    await settle();
  }
  await bench.refuse('offline');
  assert.deepEqual([result.state, result.error.code, bench.sent.length], ['refused', 'broken', 3]);
  assert.equal(new Set(bench.sent.map(({ actionId }) => actionId)).size, 1);
  assert.equal(bench.uploads.isBusy, false);
});

for (const code of ['tooLarge', 'forbidden', 'full', 'invalid', 'conflict', 'notFound', 'staleToken', 'unauthenticated', 'internal']) {
  test(`${code} is final`, async () => {
    const bench = new Bench();
    const result = bench.send();
    await settle();
    await bench.refuse(code);
    assert.deepEqual([result.error.code, bench.sent.length], [code, 1]);
  });
}

test('retryAfter in seconds, at most twenty times', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  const result = bench.send();
  await settle();
  for (let i = 1; result.state === 'pending' && i < 50; i += 1) {
    await bench.refuse('rateLimited', { retryAfter: 5 });
    t.mock.timers.tick(4999);
    await settle();
    assert.equal(bench.open.length, 0);
    t.mock.timers.tick(1);
    await settle();
  }
  assert.deepEqual([bench.sent.length, result.error.code], [20, 'rateLimited']);
});

test('nothing is sent while the connection is down', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  bench.online = false;
  bench.send();
  await settle();
  t.mock.timers.tick(499);
  assert.equal(bench.sent.length, 0);
  bench.online = true;
  t.mock.timers.tick(1);
  await settle();
  assert.equal(bench.sent.length, 1);
});

test('a new card: sent when it has its id; refused when the card is refused', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  bench.cards.add('newA').add('newB');
  const [a, b] = [bench.send('newA'), bench.send('newB')];
  await settle();
  assert.equal(bench.sent.length, 0);
  bench.ids.set('newA', '70');
  bench.cards.delete('newB');
  t.mock.timers.tick(500);
  await settle();
  assert.deepEqual(bench.sent.map(({ id }) => id), ['70']);
  assert.deepEqual([a.state, b.error.code], ['pending', 'notFound']);
});

test('cancelled during the upload and while waiting: nothing more is sent', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const bench = new Bench();
  const [first, second] = [bench.send(), bench.send()];
  await settle();
  first.cancel();
  bench.open.splice(0, 1);
  await bench.refuse('offline');
  second.cancel();
  t.mock.timers.tick(60_000);
  await settle();
  assert.deepEqual([first.state, second.state, bench.sent.length, bench.uploads.isBusy], ['refused', 'refused', 2, false]);
});

test('the errors of answers, of the server or of a proxy', () => {
  assert.equal(failure(200, '{"ok":true,"rev":3}', null), null);
  const ours = failure(422, '{"error":"invalid","message":"m","fields":{"attachedFiles":"no"}}', null);
  assert.deepEqual([ours.code, ours.message, ours.fields.attachedFiles], ['invalid', 'm', 'no']);
  assert.equal(failure(429, '{"error":"rateLimited","retryAfter":3}', '4').retryAfter, 3);
  const html = '<html><body>413 Request Entity Too Large</body></html>';
  for (const [status, code] of [
    [413, 'tooLarge'], [403, 'forbidden'], [507, 'full'], [502, 'unavailable'], [503, 'unavailable'], [504, 'unavailable'], [500, 'internal'], [0, 'offline'], [200, 'internal'], [429, 'rateLimited'],
  ]) {
    const error = failure(status, status === 0 ? '' : html, status === 503 ? '7' : null);
    assert.deepEqual([error.code, error.message, error.retryAfter], [code, '', status === 503 ? 7 : 0]);
  }
});
