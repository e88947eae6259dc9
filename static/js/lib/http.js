/** JSON over fetch, with the login's anti-CSRF token where something changes. What goes wrong is an HttpError whose message is written for people, in the page's language. */
import { t } from './i18n.js';

export class HttpError extends Error {
  /**
   * @param {string} message for people
   * @param {object} facts
   * @param {number} facts.status 0 when no answer came
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
 * Asks the server and returns its JSON, or null for an empty answer.
 *
 * @param {string} url
 * @param {object} [options]
 * @param {string} [options.method]
 * @param {unknown} [options.body] sent as JSON; FormData and URLSearchParams as they are
 * @param {AbortSignal} [options.signal] an abort is thrown as it is, not as an HttpError
 */
export async function fetchJSON(url, { method, body, signal } = {}) {
  const response = await send(url, method ?? (body === undefined ? 'GET' : 'POST'), body, signal);
  const answer = await parse(response);
  if (response.ok) return answer;
  throw new HttpError(answer?.message ?? t('ui.js.error.internal'), {
    status: response.status, kind: answer?.error ?? 'internal', fields: answer?.fields, retryAfter: answer?.retryAfter,
  });
}

/**
 * Reads a page of this site as a document; every answer but a good one is thrown as an HttpError. The header says that a
 * script reads it: a flash message stays for the page that is shown next.
 */
export async function fetchPage(url) {
  const response = await send(url, 'GET', undefined, undefined, { Accept: 'text/html', 'X-Requested-With': 'fetch' });
  if (!response.ok) throw new HttpError(t('ui.js.error.internal'), { status: response.status, kind: 'internal' });
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

async function send(url, method, body, signal, { ...headers } = { Accept: 'application/json' }) {
  const token = document.querySelector('meta[name="token"]')?.content;
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
