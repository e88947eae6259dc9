/** A page of ours without a browser: the same model, sync, outbox and connection, on socket.io-client 4. */
import assert from 'node:assert/strict';
import { inverseOf } from '../../static/js/board/undoStack.js';
import { Connection } from '../../static/js/lib/socket.js';
import '../../static/js/board/onBoard.mjs';
import { BoardModel } from '../../static/js/board/model/boardModel.js';
import { fromSnapshot } from '../../static/js/board/model/reducers.js';
import { Outbox } from '../../static/js/board/sync/outbox.js';
import { Sync } from '../../static/js/board/sync/sync.js';
import { newAct } from './acts.mjs';

export class NewClient {
  applied = 0;
  sent = 0;
  undone = 0;
  refused = {};
  failure = null;
  #rev;

  constructor(person, board, random, snapshot) {
    Object.assign(this, { person, board, random });
    this.model = new BoardModel(snapshot);
    this.#rev = this.model.rev;
    this.model.subscribe(({ event }) => this.#watch(event));
    this.connection = new Connection({
      url: person.at, forceNew: true, extraHeaders: { cookie: person.cookie }, reconnectionDelay: 50, reconnectionDelayMax: 400,
      transports: board.transports() ?? (random(2) ? ['websocket'] : ['polling', 'websocket']),
    });
    this.channel = this.connection.channel('/project');
    this.sync = new Sync({
      model: this.model, channel: this.channel, loadSnapshot: () => this.#snapshot(),
      onSynced: () => this.channel.state === 'online' && this.outbox.resume(), onClosed: (error) => { this.gone = error; },
    });
    this.outbox = new Outbox(this.model, (event, data, options) => this.#send(event, data, options), () => this.sync.catchUp());
    this.connection.addEventListener('state', ({ detail }) => detail !== 'online' && this.outbox.pause());
    this.channel.onConnect(() => this.sync.catchUp());
    this.channel.onAny((name, args) => this.sync.receive(name, args));
  }

  get name() {
    return `new client of ${this.person.name}`;
  }

  // Whatever it shows, it got there event by event or by a snapshot.
  #watch(event) {
    if (event) {
      this.applied += 1;
      if (this.model.rev !== this.#rev + 1) this.failure ??= new Error(`${this.name} applied ${this.model.rev} after ${this.#rev}`);
    }
    this.#rev = this.model.rev;
  }

  async #snapshot() {
    const answer = await this.person.get(this.board.path, { accept: 'application/json' });
    if (!answer.ok) throw Object.assign(new Error('snapshot'), { code: 'unavailable' });
    return answer.json();
  }

  async #send(event, data, options) {
    const payload = { projectId: this.board.id, ...data };
    this.sent += 1;
    // The same action twice at once, and answers that get lost.
    if (this.random(12) === 0) this.channel.emit(event, payload).catch(() => {});
    if (this.random(25) === 0) setTimeout(() => this.trouble(), this.random(15));
    const answer = await this.channel.emit(event, payload, options);
    if (answer.rev) this.sync.expect(answer.rev);
    return answer;
  }

  act() {
    const act = newAct(this.model, this.random, this.board, this.name);
    if (act.operations) for (const operation of act.operations) this.#do(operation);
    else this.channel.emit(act.event, { projectId: this.board.id, ...act.data }).catch((error) => this.#note(error));
  }

  async #do(operation) {
    const back = inverseOf(operation, this.model.view);
    try {
      const { rev } = await this.outbox.submit(operation);
      if (!back || !rev || this.random(5) > 0) return;
      await this.outbox.submit(back.create(rev));
      this.undone += 1;
    } catch (error) {
      this.#note(error);
    }
  }

  #note({ code }) {
    this.refused[code] = (this.refused[code] ?? 0) + 1;
    if (code === 'internal' || code === undefined) this.failure ??= new Error(`${this.name} was answered ${code}`);
  }

  trouble() {
    const how = this.random(4);
    if (how === 0) this.connection.restart();
    else if (how === 1) this.#sleep();
    else this.channel.engine?.close(); // as a network does: Socket.IO comes back by itself
  }

  #sleep() {
    const stream = this.channel.engine?.transport?.ws?._socket;
    stream?.pause();
    setTimeout(() => {
      stream?.resume();
      if (this.random(2)) this.sync.catchUp();
    }, 300 + this.random(1500));
  }

  isDone(rev) {
    return this.model.rev === rev && !this.model.isBusy;
  }

  check({ rev, project }) {
    if (this.failure) throw this.failure;
    assert.equal(this.gone, undefined, `${this.name} was shown out`);
    assert.equal(this.model.rev, rev, `${this.name}: revision`);
    const truth = fromSnapshot(project);
    assert.deepEqual(comparable(this.model.confirmed), comparable(truth), `${this.name}: what the server said`);
    assert.deepEqual(comparable(this.model.view), comparable(truth), `${this.name}: what is shown`);
  }

  close() {
    this.sync.close();
    this.connection.close();
  }
}

/** The order of assigned people, of files and of members has no meaning. */
function comparable({ lists, cards, members, project }) {
  const byId = (map, each) => Object.fromEntries([...map].sort(([a], [b]) => Number(a) - Number(b)).map(([id, item]) => [id, each(item)]));
  return {
    project, members: byId(members, (member) => member),
    lists: byId(lists, ({ files, ...rest }) => ({ ...rest, files: { ...files } })),
    cards: byId(cards, ({ members: people, ...rest }) => ({ ...rest, members: people.slice().sort() })),
  };
}
