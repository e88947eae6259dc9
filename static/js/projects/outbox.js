/**
 * Own changes on their way to the server, first in, first out. What is sent while the connection is down waits; what
 * was under way when it broke is judged after catching up: a creation that has arrived is known by then, everything
 * else may be sent twice without harm.
 */
// An answer lost twice on a working connection is not a matter of patience any more.
const MAX_TRIES = 2;

export class Outbox {
  #model;
  #emit;
  #onSilence;
  #ready = false;
  #entries = [];

  /**
   * @param {import('./boardModel.js').BoardModel} model
   * @param {(event: string, data: object, options?: object) => Promise<object>} emit rejects with `{code, message}`
   * @param {() => void} onSilence the server did not answer although the connection stands: catch up, then `resume`
   */
  constructor(model, emit, onSilence = () => {}) {
    this.#model = model;
    this.#emit = emit;
    this.#onSilence = onSilence;
    model.subscribe(() => this.#send());
  }

  /** Shows an operation at once and sends it as soon as possible; settles with the server's answer. */
  submit(operation, options = {}) {
    return new Promise((resolve, reject) => {
      this.#entries.push({ operation, options, resolve, reject, tries: 0, underWay: false });
      this.#model.add(operation);
      this.#send();
    });
  }

  /** Nothing is sent until `resume`. */
  pause() {
    this.#ready = false;
  }

  /** The board is up to date and the connection stands. */
  resume() {
    this.#ready = true;
    for (const entry of this.#entries.filter(({ operation, tries }) => operation.realId && tries > 0)) this.#accept(entry, {});
    this.#send();
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
      this.#accept(entry, await this.#emit(operation.event, data, options));
    } catch (error) {
      this.#failed(entry, error);
    }
  }

  #failed(entry, error) {
    if (!this.#entries.includes(entry)) return;
    const again = error.code === 'offline' || (error.code === 'timeout' && entry.tries < MAX_TRIES);
    if (again) {
      entry.underWay = false;
      this.pause();
      if (error.code === 'timeout') this.#onSilence();
      return;
    }
    // What is to be deleted and is gone already has become as wished.
    const gone = error.code === 'notFound' && entry.operation.event.startsWith('delete_');
    if (gone) this.#accept(entry, {});
    else this.#refuse(entry, error);
  }

  #accept(entry, answer) {
    if (!this.#take(entry)) return;
    // Whoever waits may lay the next change over before this one is taken away, so nothing jumps in between.
    entry.options.onAccepted?.(answer);
    this.#model.accepted(entry.operation, answer);
    entry.resolve(answer);
  }

  #refuse(entry, error) {
    if (!this.#take(entry)) return;
    const { temporaryId } = entry.operation;
    const dependants = this.#entries.filter(({ operation }) => temporaryId && operation.needs.includes(temporaryId));
    this.#model.refused(entry.operation);
    entry.reject(error);
    for (const dependant of dependants) this.#refuse(dependant, { ...error, message: '' });
  }

  #take(entry) {
    const index = this.#entries.indexOf(entry);
    if (index >= 0) this.#entries.splice(index, 1);
    return index >= 0;
  }
}
