/**
 * Sends a large file in parts, each a request of its own, so that a broken line goes on where it stopped: the server says
 * which parts have come. After a reload the same file, chosen again for the same card, goes on as well: the browser keeps
 * the action id of what it has begun.
 */
import { failure, sendFile } from '../board/sync/sendFile.js';
import { localStore } from '../lib/storage.js';

const PREFIX = 'upload:';
const KEPT_MS = 6 * 60 * 60 * 1000; // as long as the server keeps parts

/** How a file is sent: at once, or in parts of `part` bytes. */
export function senderFor(file, { part }) {
  return part && file.size > part ? (upload) => sendInParts(upload, part) : sendFile;
}

/**
 * One attempt, as sendFile. An error has `hasMoved` if a part has arrived in it.
 *
 * @param {object} upload
 * @param {number} partSize bytes
 * @param {typeof sendFile} [send]
 * @param {typeof askForParts} [ask]
 */
export async function sendInParts(upload, partSize, send = sendFile, ask = askForParts) {
  const { file, onProgress = () => {}, signal } = upload;
  let hasMoved = false;
  let begun = upload;
  try {
    const { actionId, there } = await resume(upload, ask);
    begun = { ...upload, actionId };
    for (let part = 0, from = 0; from < file.size; part += 1, from += partSize) {
      const body = file.slice(from, from + partSize);
      if (!there.has(part)) {
        await send({ ...begun, body, part, onProgress: (share) => onProgress((from + share * body.size) / file.size) });
        hasMoved = true;
      }
      onProgress((from + body.size) / file.size);
    }
    const answer = await send({ ...begun, body: '', parts: 1, onProgress: () => {} });
    localStore.removeItem(keyOf(upload));
    return answer;
  } catch (error) {
    if (!signal.aborted) throw Object.assign(error, { hasMoved });
    forget(begun);
    throw error;
  }
}

/** The numbers of the parts that have come. */
async function askForParts({ kind, id, file, replaces, actionId, signal }) {
  const query = new URLSearchParams({ name: file.name, actionId, size: file.size, ...(replaces && { replace: '1' }) });
  let status = 0;
  let text = '';
  let retryAfter = null;
  try {
    const response = await fetch(`/files/${kind}s/${id}/parts?${query}`, { headers: { Accept: 'application/json' }, signal });
    retryAfter = response.headers.get('Retry-After');
    text = await response.text();
    ({ status } = response);
  } catch {
    signal.throwIfAborted();
  }
  const error = failure(status, text, retryAfter);
  if (error) throw error;
  return JSON.parse(text).parts;
}

// An upload of an earlier page goes on only if the server has parts of it: otherwise it may have been completed.
async function resume(upload, ask) {
  let { actionId } = upload;
  let parts = await ask(upload);
  const earlier = earlierOf(upload);
  if (parts.length === 0 && earlier && earlier !== actionId) {
    parts = await ask({ ...upload, actionId: earlier });
    if (parts.length > 0) actionId = earlier;
  }
  localStore.setItem(keyOf(upload), JSON.stringify({ actionId, at: Date.now() }));
  return { actionId, there: new Set(parts) };
}

function earlierOf(upload) {
  for (const key of localStore.keys(PREFIX)) {
    const { at = 0 } = read(key);
    if (at < Date.now() - KEPT_MS) localStore.removeItem(key);
  }
  return read(keyOf(upload)).actionId;
}

function read(key) {
  try {
    return JSON.parse(localStore.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function keyOf({ kind, id, file: { name, size, lastModified } }) {
  return `${PREFIX}${kind}:${id}:${size}:${lastModified}:${name}`;
}

// Cancelled: the server need not keep what has come. It forgets it by itself some hours later.
function forget(upload) {
  localStore.removeItem(keyOf(upload));
  sendFile({ ...upload, body: '', parts: 0, onProgress: () => {}, signal: new AbortController().signal }).catch(() => {});
}
