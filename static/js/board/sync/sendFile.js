/** Sends one file as the body of a request. XMLHttpRequest reports the progress, which fetch does not. */

const STALL_TIMEOUT_MS = 300_000; // without a byte or an answer: the buffers of a slow line hold minutes

// For answers of proxies, which have no code in their body.
const CODES = {
  400: 'invalid', 401: 'unauthenticated', 403: 'forbidden', 404: 'notFound', 409: 'conflict', 413: 'tooLarge', 415: 'invalid', 419: 'staleToken',
  422: 'invalid', 429: 'rateLimited', 502: 'unavailable', 503: 'unavailable', 504: 'unavailable', 507: 'full',
};

/**
 * One attempt; see Uploads.send for the parameters. `body` is a part of the file, with its number in `part`; `parts` is 1
 * for a file whose parts have all come, 0 for one that is not going to be completed.
 *
 * @returns {Promise<object>} the server's answer; rejects with `{code, message, fields, retryAfter}`, "offline" without an answer
 */
export function sendFile({ kind, id, file, replaces, actionId, onProgress = () => {}, signal, body = file, part, parts }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name, actionId, ...(replaces && { replace: '1' }), ...(body !== file && { size: file.size }) });
    for (const [name, value] of Object.entries({ part, parts })) if (value !== undefined) query.set(name, value);
    request.open('POST', `/files/${kind}s/${id}?${query}`);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    const token = document.querySelector('meta[name="token"]')?.content;
    if (token) request.setRequestHeader('X-Token', token);
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALL_TIMEOUT_MS);
    };
    const cancel = () => request.abort();
    signal.addEventListener('abort', cancel, { once: true });
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      alive();
      onProgress(total > 0 ? loaded / total : 1);
    });
    request.addEventListener('loadend', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      const error = failure(request.status, request.responseText, request.getResponseHeader('Retry-After'));
      if (signal.aborted) reject(signal.reason);
      else if (error) reject(error);
      else resolve(JSON.parse(request.responseText));
    });
    alive();
    request.send(body);
  });
}

/** The error that an answer means; null for success. */
export function failure(status, text, retryAfter) {
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // The page of a proxy, or empty.
  }
  if (status === 200 && answer?.ok) return null;
  const code = status === 0 ? 'offline' : answer?.error ?? CODES[status] ?? 'internal';
  return Object.assign(new Error(answer?.message ?? ''), { code, fields: answer?.fields, retryAfter: answer?.retryAfter ?? Number(retryAfter) });
}
