import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

// As much of a page as http.js looks at.
const metas = (values) => ({
  querySelector: (selector) => values[/"(\w+)"/.exec(selector)[1]] ?? null,
  querySelectorAll: () => [values.field],
});
let page; // the page that is open
let fresh; // the page as the server has it
let sent;

globalThis.location = { href: 'http://localhost/settings' };
globalThis.DOMParser = class { parseFromString() { return metas(fresh); } };
const answer = (status, body = '') => ({ status, ok: status < 300, headers: { get: () => (body ? 'application/json' : null) }, json: async () => body, text: async () => '' });
globalThis.fetch = async (url, { method, headers, body }) => {
  if (method === 'GET') return answer(200);
  sent.push({ url, token: headers['X-Token'], field: body instanceof FormData ? body.get('token') : undefined });
  return headers['X-Token'] === fresh.token.content ? answer(200, { ok: true }) : answer(419);
};
const { fetchJSON } = await import('./http.js');

beforeEach(() => {
  sent = [];
  page = { token: { content: 'old' }, viewer: { content: '7' }, field: { value: 'old' } };
  fresh = { token: { content: 'new' }, viewer: { content: '7' } };
  globalThis.document = { ...metas(page), documentElement: { lang: 'en' }, getElementById: () => null };
});

test('a request with a stale token is sent again with the current one, which the page keeps', async () => {
  const body = new FormData();
  body.set('token', 'old');
  assert.deepEqual(await fetchJSON('/x', { body }), { ok: true });
  assert.deepEqual(sent.map(({ token, field }) => [token, field]), [['old', 'old'], ['new', 'new']]);
  assert.deepEqual([page.token.content, page.field.value], ['new', 'new']);
});

test('the login of another person does not send the request again', async () => {
  fresh.viewer.content = '8';
  await assert.rejects(fetchJSON('/x', { body: {} }), { status: 419 });
  assert.equal(sent.length, 1);
  assert.equal(page.token.content, 'old');
});

test('without a login the request is not sent again', async () => {
  delete fresh.viewer;
  await assert.rejects(fetchJSON('/x', { body: {} }), { status: 419 });
  assert.equal(sent.length, 1);
});

test('a request that its sender has cancelled is no broken network', async () => {
  const lifetime = new AbortController();
  const online = globalThis.fetch;
  globalThis.fetch = async () => { throw lifetime.signal.aborted ? lifetime.signal.reason : new TypeError('no network'); };
  await assert.rejects(fetchJSON('/x', { body: {}, signal: lifetime.signal }), { name: 'HttpError', kind: 'network', status: 0 });
  lifetime.abort();
  await assert.rejects(fetchJSON('/x', { body: {}, signal: lifetime.signal }), { name: 'AbortError' });
  globalThis.fetch = online;
});

test('an answer that is no JSON, as a proxy sends it, is an error with its status', async () => {
  const online = globalThis.fetch;
  globalThis.fetch = async () => ({ status: 502, ok: false, headers: { get: () => 'text/html' }, json: async () => JSON.parse('<!doctype html>') });
  await assert.rejects(fetchJSON('/x', { body: {} }), { name: 'HttpError', kind: 'internal', status: 502 });
  globalThis.fetch = async () => ({ status: 200, ok: true, headers: { get: () => 'application/json' }, json: async () => JSON.parse('{"half') });
  assert.equal(await fetchJSON('/x', { body: {} }), null);
  globalThis.fetch = online;
});
