/**
 * The outbox: operations on their way to the server, first in, first out. While the connection is down they wait; after a
 * disconnect those in flight are sent again with the same action id, which makes them idempotent. Unanswered operations are
 * persisted, so that they also survive a reload and a closed tab.
 *
 * Every operation is accepted, refused with a reason, or kept while `onWaiting` reports why. One that fails must not block
 * the others:
 * - in flight during three disconnects, it may be their cause (a proxy that rejects its size): it waits until all others
 *   are answered, is sent alone, and is refused after one more disconnect;
 * - after four timeouts or three internal errors it is refused;
 * - after five answers "unavailable", although others were accepted, it is refused.
 * While one waits, operations on other lists and cards overtake it; those on the same keep their order.
 */
import { serialize } from '../model/operations.js';

const MAX_TIMEOUTS = 4;
const MAX_FAILURES = 3;
const MAX_BREAKS = 3;
const MAX_UNAVAILABLE = 5;
const MAX_RATE_LIMITED = 20;
const FIRST_PAUSE = 1000; // ms, doubled each time
const LONGEST_PAUSE = 30_000;

const keepsNothing = { put: () => false };

export class Outbox {
  #model;
  #emit;
  #onSilence;
  #onWaiting;
  #pendingStore;
  #now;
  #ready = false;
  #entries = [];
  #timer = null; // a pause: nothing is sent while it runs
  #timerEnds = 0;
  #why = null;
  #accepted = 0;
  #isPersisted = true;

  /**
   * @param {import('../model/boardModel.js').BoardModel} model
   * @param {(event: string, data: object, options?: object) => Promise<object>} emit rejects with `{code, message}`;
   *   `sent: false` means that nothing was transmitted
   * @param {() => void} [onSilence] the server does not answer although the connection is up: catch up, then `resume`
   * @param {{put: (records: object[]) => boolean}} [pendingStore] stores unanswered operations
   * @param {object} [more]
   * @param {(why: string | null) => void} [more.onWaiting] why operations wait: "rateLimited", "unavailable",
   *   "internal"; null when they are being sent again
   * @param {() => number} [more.now]
   */
  constructor(model, emit, onSilence = () => {}, pendingStore = keepsNothing, { onWaiting = () => {}, now = Date.now } = {}) {
    this.#model = model;
    this.#emit = emit;
    this.#onSilence = onSilence;
    this.#onWaiting = onWaiting;
    this.#pendingStore = pendingStore;
    this.#now = now;
    model.subscribe(() => this.#send());
  }

  /** Shows an operation at once and sends it as soon as possible; settles with the server's answer. */
  submit(operation, options = {}) {
    return new Promise((resolve, reject) => {
      this.#entries.push({ operation, options, resolve, reject, at: operation.at ?? this.#now(), timeouts: 0, failures: 0, breaks: 0, refusals: 0, acceptedBefore: 0, inFlight: false });
      this.#persist();
      this.#model.add(operation);
      this.#send();
    });
  }

  /** Nothing is sent until `resume`. */
  pause() {
    this.#ready = false;
  }

  /** Sends again: the board is up to date and connected. A pause that the server asked for still lasts. */
  resume() {
    this.#ready = true;
    this.#send();
  }

  /** Stops sending for good. */
  close() {
    this.pause();
    clearTimeout(this.#timer);
  }

  /** Whether leaving the page would lose something that is not persisted. */
  get hasUnsaved() {
    return this.#entries.length > 0 && (!this.#isPersisted || this.#entries.some(({ operation }) => serialize(operation, this.#model) === null));
  }

  #send() {
    if (!this.#ready || this.#timer !== null || this.#entries.some((entry) => entry.inFlight && isSuspect(entry))) return;
    const waiting = new Set();
    for (const entry of this.#entries) {
      if (entry.inFlight) continue;
      const ids = this.#idsOf(entry);
      if (!isSuspect(entry) && this.#isReady(entry) && !ids.some((id) => waiting.has(id))) this.#sendOne(entry);
      else for (const id of ids) waiting.add(id);
    }
    if (this.#entries.some(({ inFlight }) => inFlight)) return;
    const suspect = this.#entries.find((entry) => isSuspect(entry) && this.#isReady(entry));
    if (suspect) this.#sendOne(suspect);
  }

  #isReady({ operation }) {
    return operation.needs.every((id) => this.#model.realId(id) !== undefined);
  }

  // The ids of an operation's subjects, the server's where they are known.
  #idsOf({ operation: { needs, temporaryId } }) {
    return (temporaryId ? [...needs, temporaryId] : needs).map((id) => this.#model.realId(id) ?? id);
  }

  async #sendOne(entry) {
    entry.inFlight = true;
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
    entry.inFlight = false;
    switch (error.code) {
      case 'offline': return this.#disconnected(entry, error);
      case 'timeout': return this.#timedOut(entry, error);
      case 'internal': return this.#retry(entry, error, (entry.failures += 1) < MAX_FAILURES);
      case 'unavailable': return this.#retry(entry, error, this.#mayBecomeAvailable(entry));
      case 'rateLimited': return this.#retry(entry, error, (entry.refusals += 1) < MAX_RATE_LIMITED);
      // The operation is persisted for the page after the log-in.
      case 'unauthenticated': return this.pause();
      default: return this.#end(entry, error);
    }
  }

  #disconnected(entry, error) {
    const wasAlone = isSuspect(entry);
    if (error.sent !== false) entry.breaks += 1;
    this.pause();
    if (wasAlone && error.sent !== false) this.#refuse(entry, Object.assign(new Error(''), { code: 'broken' }));
  }

  #timedOut(entry, error) {
    entry.timeouts += 1;
    this.pause();
    if (entry.timeouts >= MAX_TIMEOUTS) this.#refuse(entry, error);
    this.#onSilence();
  }

  #mayBecomeAvailable(entry) {
    if (entry.refusals === 0) entry.acceptedBefore = this.#accepted;
    entry.refusals += 1;
    return entry.refusals < MAX_UNAVAILABLE || this.#accepted === entry.acceptedBefore;
  }

  #retry(entry, error, mayRetry) {
    if (!mayRetry) {
      this.#refuse(entry, error);
      return;
    }
    const growing = Math.min(FIRST_PAUSE * 2 ** (entry.refusals + entry.failures - 1), LONGEST_PAUSE);
    this.#pauseFor(error.retryAfter > 0 ? error.retryAfter * 1000 : growing);
    this.#reportWaiting(error.code);
  }

  // Sends nothing for `pause` ms; of several pauses the one that ends last counts.
  #pauseFor(pause) {
    const ends = this.#now() + pause;
    if (this.#timer !== null && ends <= this.#timerEnds) return;
    clearTimeout(this.#timer);
    this.#timerEnds = ends;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#send();
    }, pause);
  }

  #reportWaiting(why) {
    if (why === this.#why) return;
    this.#why = why;
    this.#onWaiting(why);
  }

  #end(entry, error) {
    // Deleting what does not exist is a success.
    const isDeleted = error.code === 'notFound' && entry.operation.event.startsWith('delete_');
    if (isDeleted) this.#accept(entry, {});
    else this.#refuse(entry, error);
  }

  #accept(entry, answer) {
    if (!this.#take(entry)) return;
    this.#accepted += 1;
    this.#reportWaiting(null);
    this.#model.accepted(entry.operation, answer);
    this.#persist();
    entry.resolve(answer);
    this.#send();
  }

  #refuse(entry, error) {
    if (!this.#take(entry)) return;
    const { temporaryId } = entry.operation;
    const dependants = this.#entries.filter(({ operation }) => temporaryId && operation.needs.includes(temporaryId));
    this.#model.refused(entry.operation);
    this.#persist();
    if (this.#entries.length === 0) this.#reportWaiting(null);
    entry.reject(error);
    for (const dependant of dependants) this.#refuse(dependant, { ...error, code: error.code, message: '', follows: true });
    this.#send();
  }

  #take(entry) {
    const index = this.#entries.indexOf(entry);
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  #persist() {
    const records = this.#entries.map(({ operation, at }) => {
      const record = serialize(operation, this.#model);
      return record && { ...record, at };
    });
    this.#isPersisted = this.#pendingStore.put(records.filter(Boolean)) !== false;
  }
}

// Possibly the cause of the disconnects.
function isSuspect({ breaks }) {
  return breaks >= MAX_BREAKS;
}
