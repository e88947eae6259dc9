/** JSON over fetch, with the login's anti-CSRF token where something changes. An HttpError has a message for the person, in the page's language. */
import { t } from './i18n.js';

const STALE_TOKEN = 419; // the person has logged in again since the page was loaded

export class HttpError extends Error {
  /**
   * @param {string} message for the person
   * @param {object} facts
   * @param {number} facts.status 0 without an answer
   * @param {string} facts.kind "invalid", "notFound", … or "network"
   * @param {Record<string, string>} [facts.fields] one message per field
   * @param {number} [facts.retryAfter] seconds
   */
  constructor(message, { status, kind, fields = {}, retryAfter = 0, cause }) {
    super(message, { cause });
    this.name = 'HttpError';
    Object.assign(this, { status, kind, fields, retryAfter });
  }
}

/**
 * Sends a request and returns the JSON of the answer, or null for an empty one. A stale token is renewed and the request
 * sent once more.
 *
 * @param {string} url
 * @param {object} [options]
 * @param {string} [options.method]
 * @param {unknown} [options.body] sent as JSON; FormData and URLSearchParams as they are
 * @param {AbortSignal} [options.signal] an abort is rethrown, not wrapped in an HttpError
 */
export async function fetchJSON(url, { method, body, signal } = {}) {
  const attempt = () => send(url, method ?? (body === undefined ? 'GET' : 'POST'), body, signal);
  let response = await attempt();
  if (response.status === STALE_TOKEN && await renewToken()) {
    if (body instanceof FormData || body instanceof URLSearchParams) body.set('token', metaOf(document, 'token'));
    response = await attempt();
  }
  const answer = await parse(response);
  if (response.ok) return answer;
  throw new HttpError(answer?.message ?? t('ui.js.error.internal'), {
    status: response.status, kind: answer?.error ?? 'internal', fields: answer?.fields, retryAfter: answer?.retryAfter,
  });
}

/**
 * Reads a page of this site as a document; throws an HttpError unless the status is a success. The header informs the server
 * that a script reads it: a flash message is kept for the next page.
 */
export async function fetchPage(url) {
  const response = await send(url, 'GET', undefined, undefined, { Accept: 'text/html', 'X-Requested-With': 'fetch' });
  if (!response.ok) throw new HttpError(t('ui.js.error.internal'), { status: response.status, kind: 'internal' });
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/**
 * Replaces the page's token, also in its forms, by that of the current login.
 *
 * @returns {Promise<boolean>} false if the page cannot be loaded or another person is logged in
 */
export async function renewToken() {
  const page = await fetchPage(location.href).catch(() => null);
  const viewer = page && metaOf(page, 'viewer');
  if (!viewer || viewer !== metaOf(document, 'viewer')) return false;
  const token = metaOf(page, 'token');
  document.querySelector('meta[name="token"]').content = token;
  for (const field of document.querySelectorAll('input[name="token"]')) field.value = token;
  return true;
}

function metaOf(page, name) {
  return page.querySelector(`meta[name="${name}"]`)?.content;
}

async function send(url, method, body, signal, { ...headers } = { Accept: 'application/json' }) {
  const token = metaOf(document, 'token');
  if (token && method !== 'GET') headers['X-Token'] = token;
  let payload = body;
  if (body !== undefined && !(body instanceof FormData) && !(body instanceof URLSearchParams)) {
    headers['Content-Type'] = 'application/json';
    payload = JSON.stringify(body);
  }
  try {
    return await fetch(url, { method, headers, body: payload, signal, credentials: 'same-origin' });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new HttpError(t('ui.js.error.network'), { status: 0, kind: 'network', cause });
  }
}

async function parse(response) {
  if (!response.headers.get('Content-Type')?.includes('json')) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}
