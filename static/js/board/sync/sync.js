/**
 * Keeps a BoardModel in step with the server: joins the project's room on every connect, fetches missed events, fills gaps
 * in the revisions, and loads the snapshot when the model is too far behind or has diverged.
 */

// Events arrive in order: one that is missing for this long (ms) has to be fetched.
const GAP_TIMEOUT_MS = 400;
const FIRST_RETRY = 2000; // ms, doubled each time
const LONGEST_RETRY = 30_000;

// With these codes the board is closed to this person; all other errors are temporary.
const FINAL = new Set(['forbidden', 'notFound', 'unauthenticated']);

export class Sync {
  #model;
  #channel;
  #loadSnapshot;
  #onSynced;
  #onClosed;
  #running = null;
  #timer = null;
  #failures = 0;

  /**
   * @param {object} parts
   * @param {import('../model/boardModel.js').BoardModel} parts.model
   * @param {import('../../lib/socket.js').Channel} parts.channel namespace `/project`
   * @param {() => Promise<{rev: number, project: object}>} parts.loadSnapshot
   * @param {() => void} parts.onSynced the board is up to date and changes may be sent
   * @param {(error: {code: string}) => void} parts.onClosed the server denies access to the board
   */
  constructor({ model, channel, loadSnapshot, onSynced, onClosed }) {
    this.#model = model;
    this.#channel = channel;
    this.#loadSnapshot = loadSnapshot;
    this.#onSynced = onSynced;
    this.#onClosed = onClosed;
  }

  /** Takes an event of the server: its `rev` is in the payload or, for scalar payloads, in the next argument. */
  receive(name, args) {
    const rev = args.map((arg) => arg?.rev).find((number) => Number.isInteger(number));
    if (rev === undefined) return;
    const outcome = this.#model.receive(rev, name, args[0]);
    if (outcome === 'diverged') this.#run(() => this.#reset());
    if (outcome === 'ahead') this.#expect();
  }

  /** An own change was accepted as `rev`: fetches its event unless it arrives. */
  expect(rev) {
    if (rev > this.#model.rev) this.#expect();
  }

  /** Brings the model up to date: after a connect, a suspension of the page or a timeout. */
  catchUp() {
    return this.#run(() => this.#join());
  }

  /** Stops all timers. */
  close() {
    clearTimeout(this.#timer);
  }

  #expect() {
    clearTimeout(this.#timer);
    const seen = this.#model.rev;
    this.#timer = setTimeout(() => {
      // While revisions advance without a gap nothing is missing.
      if (this.#model.hasHole || this.#model.rev === seen) this.catchUp();
    }, GAP_TIMEOUT_MS);
  }

  // One at a time: a task that comes while another runs starts when that has ended.
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
      if (FINAL.has(error.code)) this.#onClosed(error);
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

  // A failed task is retried: a diverged board stays wrong until it has loaded the snapshot.
  #retryLater({ retryAfter }, task) {
    const growing = Math.min(FIRST_RETRY * 2 ** this.#failures, LONGEST_RETRY);
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(task), retryAfter > 0 ? retryAfter * 1000 : growing);
  }
}
