/**
 * An old page on the official 2.x client. It only adds deltas to what it knows and is never sent what it missed: after
 * every connection its person loads the page anew, as people did.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { OldPage } from '../lib/oldPage.mjs';
import { Tab } from '../lib/tab.mjs';
import { oldAct } from './acts.mjs';

/** What the old page does about people who leave: it takes them off the cards by itself. */
class Page extends OldPage {
  project_collab_removed({ id }) {
    for (const list of Object.values(this.lists)) for (const card of Object.values(list.cards)) delete card.members[id];
  }
}

export class OldClient {
  page = null;
  rev = -1;
  applied = 0;
  failure = null;
  #heard = [];
  #loading = null;

  constructor(person, board, random) {
    Object.assign(this, { person, board, random });
    const transports = board.transports();
    this.tab = new Tab(person, { generation: 2, reconnectionDelay: 50, reconnectionDelayMax: 400, ...(transports && { transports }) });
    const { socket } = this.tab;
    const { onevent } = socket;
    socket.onevent = (packet) => {
      this.#hear(packet.data);
      onevent.call(socket, packet);
    };
    socket.on('connect', () => this.#load());
    socket.on('disconnect', () => { this.page = null; });
  }

  get name() {
    return `old client of ${this.person.name}`;
  }

  /** Joins and loads until nothing has happened between the two. */
  async #load() {
    const loading = this.#loading = {};
    while (loading === this.#loading && this.tab.socket.connected) {
      this.#heard = [];
      this.page = null;
      try {
        const joined = await this.tab.ask('join_project_room', this.board.id);
        const { rev, project } = await this.person.snapshot(this.board.path);
        if (loading !== this.#loading || !joined.ok) return;
        if (rev < joined.rev) continue;
        this.page = new Page(project.lists);
        this.rev = rev;
        for (const event of this.#heard.splice(0)) this.#apply(event);
        return;
      } catch {
        await pause(100); // the server is away: the person tries again
      }
    }
  }

  #hear(event) {
    this.tab.take();
    if (this.page) this.#apply(event);
    else this.#heard.push(event);
  }

  #apply([name, payload, more]) {
    const rev = payload?.rev ?? more?.rev;
    if (rev === undefined || rev <= this.rev || this.failure) return;
    try {
      assert.equal(rev, this.rev + 1, 'every event comes once and in order');
      this.page.apply([name, payload]);
      this.rev = rev;
      this.applied += 1;
    } catch (error) {
      this.failure = new Error(`${this.name}, event ${rev} ${name} ${JSON.stringify(payload)}: ${error.message}`);
    }
  }

  act() {
    if (!this.page || !this.tab.socket.connected) return;
    const [event, data] = oldAct(this.page, this.random, this.board);
    this.tab.tell(event, { projectId: this.board.id, ...data });
    // Some people press twice.
    if (this.random(20) === 0) this.tab.tell(event, { projectId: this.board.id, ...data });
  }

  trouble() {
    if (this.random(3) > 0) this.tab.socket.io.engine?.close();
    else this.#sleep();
  }

  // What arrives stays unread for a while.
  #sleep() {
    const stream = this.tab.socket.io.engine?.transport?.ws?._socket;
    stream?.pause();
    setTimeout(() => stream?.resume(), 300 + this.random(1500));
  }

  isDone(rev) {
    return this.page !== null && this.rev === rev;
  }

  check({ project }) {
    if (this.failure) throw this.failure;
    const truth = new Page(project.lists);
    assert.deepEqual(this.page.shown, truth.shown, `${this.name}: order of lists`);
    assert.deepEqual(this.page.lists, truth.lists, `${this.name}: lists and cards`);
  }

  close() {
    this.tab.close();
  }
}
