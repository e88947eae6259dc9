/**
 * Files on their way to lists and cards, each as a request of its own: that gets through slow lines and through proxies
 * without holding up what is typed meanwhile. An upload has an action id, so sending it again does not attach it twice;
 * one whose connection breaks three times is given back.
 */
import { randomId } from '../lib/ids.js';
import { wait } from '../lib/timing.js';
import { sendFile } from './sendFile.js';

const MAX_BREAKS = 3;
const MAX_REFUSALS = 20; // "not now"
const FIRST_PAUSE = 1000; // ms, doubled each time
const LONGEST_PAUSE = 30_000;
const LOOK_EVERY = 500; // ms

export class Uploads {
  #model;
  #isOnline;
  #onRev;
  #post;
  #underWay = 0;

  /**
   * @param {object} parts
   * @param {import('./boardModel.js').BoardModel} parts.model
   * @param {() => boolean} parts.isOnline whether the server can be reached now
   * @param {(rev: number) => void} parts.onRev the server has accepted a file as this revision
   * @param {typeof sendFile} [parts.post]
   */
  constructor({ model, isOnline, onRev, post = sendFile }) {
    this.#model = model;
    this.#isOnline = isOnline;
    this.#onRev = onRev;
    this.#post = post;
  }

  /** Whether leaving the page would cut something off. */
  get isBusy() {
    return this.#underWay > 0;
  }

  /**
   * Attaches a file.
   *
   * @param {object} upload
   * @param {"list" | "card"} upload.kind
   * @param {string} upload.id it may be one that the server does not know yet
   * @param {File} upload.file
   * @param {boolean} upload.replaces there is a file of this name
   * @param {string} [upload.actionId] of an earlier try
   * @param {(share: number) => void} [upload.onProgress] from 0 to 1
   * @param {AbortSignal} upload.signal cancels it
   * @returns {Promise<object>} the server's answer; rejects with `{code, message, fields}`, or with the signal's reason
   */
  async send({ actionId = randomId(), ...upload }) {
    this.#underWay += 1;
    try {
      const id = await this.#realId(upload);
      const answer = await this.#persevere({ ...upload, id, actionId });
      if (answer.rev) this.#onRev(answer.rev);
      return answer;
    } finally {
      this.#underWay -= 1;
    }
  }

  async #persevere(upload) {
    for (let breaks = 0, refusals = 0; ;) {
      await this.#online(upload.signal);
      try {
        return await this.#post(upload);
      } catch (error) {
        upload.signal.throwIfAborted();
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

  async #online(signal) {
    while (!this.#isOnline()) await wait(LOOK_EVERY, signal);
  }

  // What was made on this page a moment ago has no id of the server's yet; if that is refused, there is nothing to attach to.
  async #realId({ kind, id, signal }) {
    while (this.#model.realId(id) === undefined) {
      if (!this.#model.view[`${kind}s`].has(id)) throw Object.assign(new Error(''), { code: 'notFound' });
      await wait(LOOK_EVERY, signal);
    }
    return this.#model.realId(id);
  }
}
