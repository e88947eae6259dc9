/**
 * The connection of a board: keeps the model in step with the server, passes messages to the modules, and replaces a
 * connection that does not survive a suspended page.
 */
import { MembershipWatcher } from './membershipWatcher.js';
import { Sync } from './sync.js';
import { connection } from '../../lib/socket.js';
import { onResume } from '../../lib/resume.js';
import { extensions, reportUnknownEvent } from '../extensions.js';

const PROBE_TIMEOUT_MS = 800; // how long a resumed page waits for its connection to answer
const PING_TIMEOUT_MS = 50_000; // the server has closed a connection that has not answered its pings for this long

// What the contract sends besides answers, for clients that want no answer.
const CONFIRMATION = /_successful$|^successfully_|_error_/;

export class BoardConnection {
  #store;
  #channel;
  #outbox;
  #sync;
  #closed = new AbortController();
  #closers;

  /**
   * @param {object} parts
   * @param {import('../store.js').BoardStore} parts.store
   * @param {import('../../lib/socket.js').Connection} parts.page
   * @param {import('../../lib/socket.js').Channel} parts.channel namespace `/project`
   * @param {import('./outbox.js').Outbox} parts.outbox paused while the board is not in step with the server
   */
  constructor({ store, page, channel, outbox }) {
    this.#store = store;
    this.membership = new MembershipWatcher(store);
    this.#channel = channel;
    this.#outbox = outbox;
    this.#sync = new Sync({
      model: store.model, channel, loadSnapshot: () => this.#loadSnapshot(),
      onSynced: () => this.#synced(), onClosed: (error) => this.membership.close(error),
    });
    page.watch((state) => this.#stateChanged(state), this.#closed.signal);
    onResume((suspendedMs) => this.#resume(suspendedMs), this.#closed.signal);
    this.#closers = [channel.onConnect(() => this.catchUp()), channel.onAny((name, args) => this.#receive(name, args))];
    // Without a session there are no personal events.
    if (store.me !== null) this.#closers.push(page.channel('/').onAny((name, args) => this.#receiveFromRoot(name, args)));
  }

  close() {
    this.#closed.abort();
    for (const closer of this.#closers.splice(0)) closer();
    this.#sync.close();
  }

  /** Brings the board up to date. */
  catchUp() {
    return this.#sync.catchUp();
  }

  /** The server has accepted a change as `rev`: its event is expected. */
  expect(rev) {
    this.#sync.expect(rev);
  }

  #stateChanged(state) {
    // Another namespace of the page may still be connecting while this one is connected.
    if (this.#channel.state !== 'online') {
      this.#outbox.pause();
      this.#store.unset('synced');
    }
    this.#store.set('connection', state);
  }

  #synced() {
    if (this.#channel.state !== 'online') return;
    this.#outbox.resume();
    this.#store.set('synced', true);
  }

  // The connection of a suspended page may be dead without having noticed: without an answer it is replaced at once.
  async #resume(suspendedMs) {
    if (this.#channel.state !== 'online' || suspendedMs > PING_TIMEOUT_MS) {
      connection().restart();
      return;
    }
    try {
      await this.#channel.emit('join_project_room', Number(this.#store.view.project.id), { timeoutMs: PROBE_TIMEOUT_MS });
      this.catchUp();
    } catch (error) {
      if (error.code === 'timeout') connection().restart();
      else this.catchUp();
    }
  }

  #receive(name, args) {
    const handle = extensions.get('handler of the event', name);
    if (handle) handle(this.#store, args[0]);
    else if (!this.membership.receive(name, args) && !extensions.knowsEvent(name) && !CONFIRMATION.test(name)) reportUnknownEvent(name);
    this.#sync.receive(name, args);
  }

  #receiveFromRoot(name, args) {
    this.membership.receive(name, args);
    const [data] = args;
    if (name !== 'update_project_attributes' || data.projectId !== Number(this.#store.view.project.id)) return;
    if (data.rev) this.#sync.receive(name, args);
    else this.#store.model.receiveUnnumbered(name, data);
  }

  async #loadSnapshot() {
    const { ownerName, name } = this.#store.view.project;
    const answer = await fetch(`/${encodeURIComponent(ownerName)}/${encodeURIComponent(name)}`, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw Object.assign(new Error('snapshot'), { code: { 401: 'unauthenticated', 403: 'forbidden', 404: 'notFound' }[answer.status] });
    const snapshot = await answer.json();
    if (snapshot.role !== this.#store.role) this.membership.reload();
    return snapshot;
  }
}
