/**
 * Own changes on their way to the server, first in, first out. What is sent while the connection is down waits; what
 * was under way when it broke is sent again with the same action id, which the server carries out once. What is not
 * answered yet is persisted, so that it also survives a reload and a closed tab.
 *
 * Every operation has an end: it is accepted, or refused with a reason, or kept for later while `onWaiting` says why.
 * One that cannot get through must not hold up the others:
 * - under way in three breaks of the connection, it may be what breaks it (a proxy that refuses its size): it waits
 *   until all others are answered, is sent alone, and is refused if the connection breaks once more;
 * - the server does not answer it four times, or fails at it three times: it is refused;
 * - the server is unavailable for it five times although others got through: it is refused.
 * While one waits, operations about other lists and cards overtake it; those about the same keep their order.
 */
import { recorded } from './operations.js';

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
  #timer = null; // while it runs, the server wants nothing from us
  #timerEnds = 0;
  #why = null;
  #accepted = 0;
  #isPersisted = true;

  /**
   * @param {import('./boardModel.js').BoardModel} model
   * @param {(event: string, data: object, options?: object) => Promise<object>} emit rejects with `{code, message}`;
   *   `sent: false` says that it did not even go out
   * @param {() => void} [onSilence] the server did not answer although the connection stands: catch up, then `resume`
   * @param {{put: (records: object[]) => boolean}} [pendingStore] where unanswered operations are persisted
   * @param {object} [more]
   * @param {(why: string | null) => void} [more.onWaiting] why operations are kept for later: "rateLimited",
   *   "unavailable", "internal"; null when they are on their way again
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
      this.#entries.push({ operation, options, resolve, reject, at: operation.at ?? this.#now(), timeouts: 0, failures: 0, breaks: 0, refusals: 0, acceptedBefore: 0, underWay: false });
      this.#persist();
      this.#model.add(operation);
      this.#send();
    });
  }

  /** Nothing is sent until `resume`. */
  pause() {
    this.#ready = false;
  }

  /** The board is up to date and the connection stands. A pause that the server wants is kept all the same. */
  resume() {
    this.#ready = true;
    this.#send();
  }

  /** Waits for nothing any more. */
  close() {
    this.pause();
    clearTimeout(this.#timer);
  }

  /** Whether leaving the page would lose something that is not persisted. */
  get losesByLeaving() {
    return this.#entries.length > 0 && (!this.#isPersisted || this.#entries.some(({ operation }) => recorded(operation, this.#model) === null));
  }

  #send() {
    if (!this.#ready || this.#timer !== null || this.#entries.some((entry) => entry.underWay && isSuspect(entry))) return;
    const waiting = new Set();
    for (const entry of this.#entries) {
      if (entry.underWay) continue;
      const ids = this.#idsOf(entry);
      if (!isSuspect(entry) && this.#isReady(entry) && !ids.some((id) => waiting.has(id))) this.#sendOne(entry);
      else for (const id of ids) waiting.add(id);
    }
    if (this.#entries.some(({ underWay }) => underWay)) return;
    const suspect = this.#entries.find((entry) => isSuspect(entry) && this.#isReady(entry));
    if (suspect) this.#sendOne(suspect);
  }

  #isReady({ operation }) {
    return operation.needs.every((id) => this.#model.realId(id) !== undefined);
  }

  // What an operation is about, under the ids that are known by now.
  #idsOf({ operation: { needs, temporaryId } }) {
    return (temporaryId ? [...needs, temporaryId] : needs).map((id) => this.#model.realId(id) ?? id);
  }

  async #sendOne(entry) {
    entry.underWay = true;
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
    entry.underWay = false;
    switch (error.code) {
      case 'offline': return this.#broke(entry, error);
      case 'timeout': return this.#silence(entry, error);
      case 'internal': return this.#again(entry, error, (entry.failures += 1) < MAX_FAILURES);
      case 'unavailable': return this.#again(entry, error, this.#mayBecomeAvailable(entry));
      case 'rateLimited': return this.#again(entry, error, (entry.refusals += 1) < MAX_RATE_LIMITED);
      // It is persisted for the page that comes after the log-in.
      case 'unauthenticated': return this.pause();
      default: return this.#end(entry, error);
    }
  }

  #broke(entry, error) {
    const wasAlone = isSuspect(entry);
    if (error.sent !== false) entry.breaks += 1;
    this.pause();
    if (wasAlone && error.sent !== false) this.#refuse(entry, Object.assign(new Error(''), { code: 'broken' }));
  }

  #silence(entry, error) {
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

  #again(entry, error, isWorthIt) {
    if (!isWorthIt) {
      this.#refuse(entry, error);
      return;
    }
    const growing = Math.min(FIRST_PAUSE * 2 ** (entry.refusals + entry.failures - 1), LONGEST_PAUSE);
    this.#rest(error.retryAfter > 0 ? error.retryAfter * 1000 : growing);
    this.#waitBecause(error.code);
  }

  // Sends nothing for so long (ms); of several pauses the one that ends last counts.
  #rest(pause) {
    const ends = this.#now() + pause;
    if (this.#timer !== null && ends <= this.#timerEnds) return;
    clearTimeout(this.#timer);
    this.#timerEnds = ends;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#send();
    }, pause);
  }

  #waitBecause(why) {
    if (why === this.#why) return;
    this.#why = why;
    this.#onWaiting(why);
  }

  #end(entry, error) {
    // What is to be deleted and is gone already has become as intended.
    const isGone = error.code === 'notFound' && entry.operation.event.startsWith('delete_');
    if (isGone) this.#accept(entry, {});
    else this.#refuse(entry, error);
  }

  #accept(entry, answer) {
    if (!this.#take(entry)) return;
    this.#accepted += 1;
    this.#waitBecause(null);
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
    if (this.#entries.length === 0) this.#waitBecause(null);
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
      const record = recorded(operation, this.#model);
      return record && { ...record, at };
    });
    this.#isPersisted = this.#pendingStore.put(records.filter(Boolean)) !== false;
  }
}

// It may be the reason why the connection breaks.
function isSuspect({ breaks }) {
  return breaks >= MAX_BREAKS;
}
