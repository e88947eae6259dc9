/**
 * Uploads to lists and cards, each as an HTTP request of its own, which does not delay operations on slow lines. An upload
 * is idempotent by its action id; one whose connection breaks three times is refused.
 */
import { randomId } from '../../lib/ids.js';
import { renewToken } from '../../lib/http.js';
import { wait } from '../../lib/timing.js';
import { sendFile } from './sendFile.js';

const MAX_BREAKS = 3;
const MAX_REFUSALS = 20; // rate limits and unavailable servers
const FIRST_PAUSE = 1000; // ms, doubled each time
const LONGEST_PAUSE = 30_000;
const POLL_INTERVAL_MS = 500;

export class Uploads {
  #model;
  #isOnline;
  #onRev;
  #post;
  #renewToken;
  #inFlight = 0;

  /**
   * @param {object} parts
   * @param {import('../model/boardModel.js').BoardModel} parts.model
   * @param {() => boolean} parts.isOnline whether the connection is up
   * @param {(rev: number) => void} parts.onRev the server has accepted a file as this revision
   * @param {typeof sendFile} [parts.post]
   * @param {typeof renewToken} [parts.renew]
   */
  constructor({ model, isOnline, onRev, post = sendFile, renew = renewToken }) {
    this.#model = model;
    this.#isOnline = isOnline;
    this.#onRev = onRev;
    this.#post = post;
    this.#renewToken = renew;
  }

  /** Whether leaving the page would abort an upload. */
  get isBusy() {
    return this.#inFlight > 0;
  }

  /**
   * Attaches a file.
   *
   * @param {object} upload
   * @param {"list" | "card"} upload.kind
   * @param {string} upload.id may be temporary
   * @param {File} upload.file
   * @param {boolean} upload.replaces whether it replaces a file of this name
   * @param {string} [upload.actionId] of an earlier attempt
   * @param {(share: number) => void} [upload.onProgress] from 0 to 1
   * @param {AbortSignal} upload.signal cancels it
   * @param {typeof sendFile} [upload.post] how it is sent
   * @returns {Promise<object>} the server's answer; rejects with `{code, message, fields}`, or with the signal's reason
   */
  async send({ actionId = randomId(), post = this.#post, ...upload }) {
    this.#inFlight += 1;
    try {
      const id = await this.#realId(upload);
      const answer = await this.#sendWithRetries({ ...upload, id, actionId }, post);
      if (answer.rev) this.#onRev(answer.rev);
      return answer;
    } finally {
      this.#inFlight -= 1;
    }
  }

  async #sendWithRetries(upload, post) {
    for (let breaks = 0, refusals = 0, isRenewed = false; ;) {
      await this.#untilOnline(upload.signal);
      try {
        return await post(upload);
      } catch (error) {
        upload.signal.throwIfAborted();
        if (error.code === 'staleToken' && !isRenewed && (isRenewed = await this.#renewToken())) continue;
        if (error.hasMoved) [breaks, refusals] = [0, 0]; // a part of it has arrived since
        if (error.code === 'offline') breaks += 1;
        else if (error.code === 'rateLimited' || error.code === 'unavailable') refusals += 1;
        else throw error;
        if (breaks >= MAX_BREAKS) throw Object.assign(new Error(''), { code: 'broken' });
        if (refusals >= MAX_REFUSALS) throw error;
        const growing = Math.min(FIRST_PAUSE * 2 ** (breaks + refusals - 1), LONGEST_PAUSE);
        await wait(error.retryAfter > 0 ? error.retryAfter * 1000 : growing, upload.signal);
      }
    }
  }

  async #untilOnline(signal) {
    while (!this.#isOnline()) await wait(POLL_INTERVAL_MS, signal);
  }

  // Waits for the server's id of a new list or card; if its creation is refused, there is nothing to attach to.
  async #realId({ kind, id, signal }) {
    while (this.#model.realId(id) === undefined) {
      if (!this.#model.view[`${kind}s`].has(id)) throw Object.assign(new Error(''), { code: 'notFound' });
      await wait(POLL_INTERVAL_MS, signal);
    }
    return this.#model.realId(id);
  }
}
