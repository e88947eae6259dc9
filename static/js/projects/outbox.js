/**
 * Own changes on their way to the server, first in, first out. What is sent while the connection is down waits; what
 * was under way when it broke is sent again with the same action id, which the server carries out once. What is not
 * answered yet is written down, so that it also survives a reload.
 */
import { recorded } from './operations.js';

// An answer lost so often on a working connection is not a matter of patience any more.
const MAX_TRIES = 4;

const noShelf = { put() {} };

export class Outbox {
  #model;
  #emit;
  #onSilence;
  #shelf;
  #ready = false;
  #entries = [];
  #waiting = null;

  /**
   * @param {import('./boardModel.js').BoardModel} model
   * @param {(event: string, data: object, options?: object) => Promise<object>} emit rejects with `{code, message}`
   * @param {() => void} onSilence the server did not answer although the connection stands: catch up, then `resume`
   * @param {{put: (records: object[]) => void}} [shelf] where unanswered operations are written down
   */
  constructor(model, emit, onSilence = () => {}, shelf = noShelf) {
    this.#model = model;
    this.#emit = emit;
    this.#onSilence = onSilence;
    this.#shelf = shelf;
    model.subscribe(() => this.#send());
  }

  /** Shows an operation at once and sends it as soon as possible; settles with the server's answer. */
  submit(operation, options = {}) {
    return new Promise((resolve, reject) => {
      this.#entries.push({ operation, options, resolve, reject, tries: 0, underWay: false });
      this.#writeDown();
      this.#model.add(operation);
      this.#send();
    });
  }

  /** Nothing is sent until `resume`. */
  pause() {
    this.#ready = false;
    clearTimeout(this.#waiting);
  }

  /** The board is up to date and the connection stands. */
  resume() {
    this.#ready = true;
    this.#send();
  }

  /** Whether leaving the page would lose something: files on their way cannot be written down. */
  get losesByLeaving() {
    return this.#entries.some(({ operation }) => recorded(operation, this.#model) === null);
  }

  #send() {
    if (!this.#ready) return;
    for (const entry of this.#entries) {
      if (entry.underWay) continue;
      if (entry.operation.needs.some((id) => this.#model.realId(id) === undefined)) return;
      this.#sendOne(entry);
    }
  }

  async #sendOne(entry) {
    entry.underWay = true;
    entry.tries += 1;
    const { operation, options } = entry;
    try {
      const data = operation.payload((id) => Number(this.#model.realId(id)), this.#model);
      this.#accept(entry, await this.#emit(operation.event, { ...data, actionId: operation.actionId }, options));
    } catch (error) {
      this.#failed(entry, error);
    }
  }

  #failed(entry, error) {
    if (!this.#entries.includes(entry)) return;
    if (mayBeTriedAgain(error, entry)) {
      entry.underWay = false;
      this.pause();
      if (error.code === 'timeout') this.#onSilence();
      if (error.code === 'rateLimited') this.#waiting = setTimeout(() => this.resume(), error.retryAfter * 1000);
      return;
    }
    // What is to be deleted and is gone already has become as wished.
    const gone = error.code === 'notFound' && entry.operation.event.startsWith('delete_');
    if (gone) this.#accept(entry, {});
    else this.#refuse(entry, error);
  }

  #accept(entry, answer) {
    if (!this.#take(entry)) return;
    this.#model.accepted(entry.operation, answer);
    this.#writeDown();
    entry.resolve(answer);
  }

  #refuse(entry, error) {
    if (!this.#take(entry)) return;
    const { temporaryId } = entry.operation;
    const dependants = this.#entries.filter(({ operation }) => temporaryId && operation.needs.includes(temporaryId));
    this.#model.refused(entry.operation);
    this.#writeDown();
    entry.reject(error);
    for (const dependant of dependants) this.#refuse(dependant, { ...error, message: '', follows: true });
  }

  #take(entry) {
    const index = this.#entries.indexOf(entry);
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  #writeDown() {
    this.#shelf.put(this.#entries.map(({ operation }) => recorded(operation, this.#model)).filter(Boolean));
  }
}

function mayBeTriedAgain(error, { tries }) {
  if (error.code === 'offline' || (error.code === 'rateLimited' && error.retryAfter > 0)) return true;
  return error.code === 'timeout' && tries < MAX_TRIES;
}
