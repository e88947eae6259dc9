import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import vm from 'node:vm';

const source = readFileSync(new URL('../../../modules/notifications/worker.js', import.meta.url), 'utf8');

/** The service worker with the pages that a browser has open; `send` is an event, `shown` and `opened` what came of it. */
function start(pages, { fetch, subscribe } = {}) {
  const listeners = new Map();
  const [shown, opened] = [[], []];
  const self = {
    addEventListener: (name, listener) => listeners.set(name, listener),
    skipWaiting() {},
    clients: { claim() {}, matchAll: async (options) => (options.includeUncontrolled ? pages : []), openWindow: async (url) => opened.push(url) },
    registration: { showNotification: async (title, options) => shown.push({ title, ...options }), pushManager: { subscribe } },
  };
  vm.runInNewContext(source, { self, fetch, URLSearchParams });
  const send = async (name, event) => {
    let work;
    listeners.get(name)({ ...event, waitUntil(promise) { work = promise; } });
    await work;
  };
  return { listeners, shown, opened, send };
}

const data = { json: () => ({ title: 'Ben wrote to you', body: 'words', url: '/notifications/1', tag: 'n-1', lang: 'en' }) };

test('a push is shown while no page is seen, and leads to what it is about', async () => {
  for (const pages of [[], [{ visibilityState: 'hidden' }]]) {
    const worker = start(pages);
    await worker.send('push', { data });
    assert.deepEqual(JSON.parse(JSON.stringify(worker.shown)), [{ title: 'Ben wrote to you', body: 'words', tag: 'n-1', lang: 'en', data: { url: '/notifications/1' } }]);
    let isClosed = false;
    await worker.send('notificationclick', { notification: { close() { isClosed = true; }, data: worker.shown[0].data } });
    assert.deepEqual([worker.opened, isClosed], [['/notifications/1'], true]);
  }
});

test('nothing is shown while a page is seen, nor without words', async () => {
  const worker = start([{ visibilityState: 'hidden' }, { visibilityState: 'visible' }]);
  await worker.send('push', { data });
  const other = start([]);
  await other.send('push', { data: null });
  assert.deepEqual([worker.shown, other.shown], [[], []]);
});

test('it handles no requests', () => {
  assert.deepEqual([...start([]).listeners.keys()].sort(), ['activate', 'install', 'notificationclick', 'push', 'pushsubscriptionchange']);
});

const subscriptionAt = (endpoint) => ({ endpoint, toJSON: () => ({ endpoint, keys: { p256dh: 'k', auth: 'a' } }) });

test('a subscription that the browser has replaced, or ended, is told to the server', async () => {
  for (const newSubscription of [subscriptionAt('https://push/new'), null]) {
    const requests = [];
    const fetch = async (path, { method = 'GET', headers, body }) => {
      requests.push(`${method} ${path} ${headers['X-Token'] ?? ''} ${body ?? ''}`.trim());
      return { ok: true, json: async () => ({ key: 'public', token: 'secret' }) };
    };
    const subscribe = async ({ applicationServerKey }) => subscriptionAt(`https://push/${applicationServerKey}`);
    const worker = start([], { fetch, subscribe });
    await worker.send('pushsubscriptionchange', { oldSubscription: subscriptionAt('https://push/old'), newSubscription });
    const address = newSubscription ? 'new' : 'public';
    assert.deepEqual(requests, [
      'GET /notifications/push', `POST /notifications/push secret endpoint=https%3A%2F%2Fpush%2F${address}&p256dh=k&auth=a`, 'POST /notifications/push/remove secret endpoint=https%3A%2F%2Fpush%2Fold',
    ]);
  }
});

test('without a login nothing is told', async () => {
  const requests = [];
  const worker = start([], { fetch: async (path) => { requests.push(path); return { ok: false }; }, subscribe: () => assert.fail('it subscribes') });
  await worker.send('pushsubscriptionchange', { oldSubscription: null, newSubscription: null });
  assert.deepEqual(requests, ['/notifications/push']);
});
