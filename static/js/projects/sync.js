/**
 * Keeps a BoardModel equal to the server: joins the project's room on every connect, asks for what was missed, fills
 * holes, and loads the snapshot when it is too far behind or does not fit any more.
 */

// Events arrive in order; one that is still missing after this long (ms) will not come by itself.
const PATIENCE = 400;
const FIRST_RETRY = 2000; // ms, doubled each time
const LONGEST_RETRY = 30_000;

// Only these mean that the board is closed to this person; everything else passes.
const FINAL = new Set(['forbidden', 'notFound', 'unauthenticated']);

export class Sync {
  #model;
  #channel;
  #loadSnapshot;
  #onSynced;
  #onGone;
  #running = null;
  #timer = null;
  #failures = 0;

  /**
   * @param {object} parts
   * @param {import('./boardModel.js').BoardModel} parts.model
   * @param {import('../lib/socket.js').Channel} parts.channel namespace `/project`
   * @param {() => Promise<{rev: number, project: object}>} parts.loadSnapshot
   * @param {() => void} parts.onSynced the board is up to date and changes may be sent
   * @param {(error: {code: string}) => void} parts.onGone the room is closed to this person
   */
  constructor({ model, channel, loadSnapshot, onSynced, onGone }) {
    this.#model = model;
    this.#channel = channel;
    this.#loadSnapshot = loadSnapshot;
    this.#onSynced = onSynced;
    this.#onGone = onGone;
  }

  /** Takes an event as it came: its `rev` is in the payload or, for scalar payloads, in the argument behind it. */
  receive(name, args) {
    const rev = args.map((arg) => arg?.rev).find((number) => Number.isInteger(number));
    if (rev === undefined) return;
    const outcome = this.#model.receive(rev, name, args[0]);
    if (outcome === 'diverged') this.#run(() => this.#reset());
    if (outcome === 'ahead') this.#expect();
  }

  /** An own change was accepted as `rev`: if its event does not come, ask for it. */
  expect(rev) {
    if (rev > this.#model.rev) this.#expect();
  }

  /** After every connect, and whenever there is doubt (the page woke up, the server was silent). */
  catchUp() {
    return this.#run(() => this.#join());
  }

  /** Stops waiting for anything. */
  close() {
    clearTimeout(this.#timer);
  }

  #expect() {
    clearTimeout(this.#timer);
    const seen = this.#model.rev;
    this.#timer = setTimeout(() => {
      // Whoever is moving on is being served; ask only when it stands still or a hole stays open.
      if (this.#model.hasHole || this.#model.rev === seen) this.catchUp();
    }, PATIENCE);
  }

  // One at a time: a second wish while one is under way is answered by the one under way, then checked again.
  async #run(task) {
    if (this.#running) {
      this.#running.again = task;
      return;
    }
    this.#running = { again: null };
    try {
      await task();
      this.#failures = 0;
    } catch (error) {
      if (FINAL.has(error.code)) this.#onGone(error);
      else if (error.code !== 'offline') this.#retryLater(error, task);
    } finally {
      const { again } = this.#running;
      this.#running = null;
      if (again) this.#run(again);
    }
  }

  async #join() {
    const id = Number(this.#model.view.project.id);
    const { rev } = await this.#channel.emit('join_project_room', id);
    if (rev > this.#model.rev || this.#model.hasHole) await this.#fetchMissed(id);
    this.#onSynced();
  }

  async #fetchMissed(projectId) {
    const answer = await this.#channel.emit('sync_project', { projectId, sinceRev: this.#model.rev });
    if (answer.reset) return this.#reset();
    for (const { rev, name, payload } of answer.events) {
      if (this.#model.receive(rev, name, payload) === 'diverged') return this.#reset();
    }
    if (this.#model.hasHole) return this.#reset();
    return undefined;
  }

  async #reset() {
    this.#model.load(await this.#loadSnapshot());
    this.#onSynced();
  }

  // What failed is tried again: a board that has diverged stays wrong until it has its snapshot.
  #retryLater({ retryAfter }, task) {
    const growing = Math.min(FIRST_RETRY * 2 ** this.#failures, LONGEST_RETRY);
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(task), retryAfter > 0 ? retryAfter * 1000 : growing);
  }
}
