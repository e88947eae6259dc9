/**
 * Files that are being sent into chats: two at a time, one in each chat, in the order in which they were chosen. They go on while another chat
 * is shown. Each is a message of its own, which the server makes when it has the whole file, once for each key.
 */
import { uploadReasonText } from '../board/sync/reason.js';
import { Uploads } from '../board/sync/uploads.js';
import { senderFor } from '../files/sendInParts.js';
import { randomId } from '../lib/ids.js';
import { keyOf } from './chats.js';

const AT_ONCE = 2; // the server takes four of a person, from all pages

export class FileSender {
  #queue = [];
  #uploads;
  #limits;
  #progress;
  #ended;

  /**
   * @param {object} page
   * @param {() => boolean} page.isOnline
   * @param {() => {part: number}} page.limits
   * @param {(key: string, share: number) => void} page.progress
   * @param {(upload: object, message?: object) => void} page.ended called with the message of the server, or without one for a file
   *   that was refused: the reason is in `upload.problem`
   */
  constructor({ isOnline, limits, progress, ended }) {
    this.#uploads = new Uploads({ model: { realId: (id) => id }, isOnline, onRev: () => {} });
    this.#limits = limits;
    this.#progress = progress;
    this.#ended = ended;
  }

  /** Whether leaving the page would end the sending of a file. */
  get isBusy() {
    return this.#queue.some(({ problem }) => !problem);
  }

  /** The files of a chat that are being sent, or were refused: `{key, content, at, problem, file}`. */
  of(chat) {
    return this.#queue.filter((upload) => keyOf(upload.chat) === keyOf(chat));
  }

  /** Sends a file, and returns what is pending. */
  add(chat, file) {
    const upload = { chat, key: randomId(), content: file.name, at: new Date(), problem: '', file, isBusy: false, cancelled: new AbortController() };
    this.#queue.push(upload);
    queueMicrotask(() => this.#work());
    return upload;
  }

  /** Sends a refused file again; other keys are ignored. */
  retry(key) {
    const upload = this.#queue.find((each) => each.key === key);
    if (!upload) return;
    upload.problem = '';
    this.#work();
  }

  /** Ends the sending of a file. */
  cancel(key) {
    const upload = this.#queue.find((each) => each.key === key);
    this.#forget(upload);
    upload?.cancelled.abort();
  }

  #work() {
    while (this.#queue.filter(({ isBusy }) => isBusy).length < AT_ONCE) {
      // One at a time for each chat: a small file that was chosen second would arrive first.
      const busy = new Set(this.#queue.filter(({ isBusy }) => isBusy).map(({ chat }) => keyOf(chat)));
      const next = this.#queue.find(({ chat, isBusy, problem }) => !isBusy && !problem && !busy.has(keyOf(chat)));
      if (!next) return;
      this.#send(next);
    }
  }

  async #send(upload) {
    const { chat, key, file, cancelled: { signal } } = upload;
    upload.isBusy = true;
    try {
      const { message } = await this.#uploads.send({
        kind: chat.type, id: chat.id, file, replaces: false, actionId: key, signal, onProgress: (share) => this.#progress(key, share), post: senderFor(file, this.#limits()),
      });
      this.#forget(upload);
      this.#ended(upload, message);
    } catch (error) {
      if (!signal.aborted) {
        upload.problem = uploadReasonText(error, file.name);
        this.#ended(upload);
      }
    } finally {
      upload.isBusy = false;
      this.#work();
    }
  }

  #forget(upload) {
    this.#queue = this.#queue.filter((each) => each !== upload);
  }
}
