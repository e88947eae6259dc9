/** Browser tabs: sockets of the official clients that record everything they receive. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { base } from './people.mjs';

const require = createRequire(new URL('../../platform/socketio/clienttest/package.json', import.meta.url));

/** The generations in use: 2.5 is the one of old pages, 4.x the one of ours. */
export const generations = { 2: require('socket.io-client-2'), 4: require('socket.io-client-4').io };

const TIMEOUT_MS = 120_000; // ms; only what is broken waits for so long

/** Waits for a promise; a failure names what was waited for. */
export function within(promise, what, ms = TIMEOUT_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Events of the root namespace carry the number that they have for their person, which old pages do not look at.
function withoutNumber([name, ...args]) {
  const kept = [];
  for (const arg of args) {
    if (arg?.userRev === undefined) {
      kept.push(arg);
      continue;
    }
    const { userRev, ...rest } = arg;
    assert.ok(userRev > 0);
    if (Object.keys(rest).length > 0) kept.push(rest);
  }
  return [name, ...kept];
}

export class Tab {
  #heard = [];
  #waiting = [];

  /** Opens a connection of its own, with the client's default options unless others are given. */
  constructor(person, { generation = 4, namespace = '/project', ...options } = {}) {
    this.person = person;
    this.generation = generation;
    this.socket = generations[generation]((person.at ?? base) + namespace, {
      forceNew: true, ...(person.cookie && { extraHeaders: { cookie: person.cookie } }), ...options,
    });
    const { onevent } = this.socket;
    this.socket.onevent = (packet) => {
      this.#hear(packet.data);
      onevent.call(this.socket, packet);
    };
  }

  /** A tab that is connected and closed when the test ends. */
  static async open(t, person, options) {
    const tab = new Tab(person, options);
    t.after(() => tab.close());
    await tab.connected();
    return tab;
  }

  connected() {
    if (this.socket.connected) return Promise.resolve();
    return within(new Promise((resolve, reject) => {
      this.socket.once('connect', resolve);
      for (const name of ['connect_error', 'error']) this.socket.once(name, (e) => reject(e instanceof Error ? e : new Error(String(e))));
    }), `${this.person.name} connects`);
  }

  /** Waits until it is connected again; attempts that fail while the server is away are part of it. */
  reconnected() {
    if (this.socket.connected) return Promise.resolve();
    return within(new Promise((resolve) => this.socket.once('connect', resolve)), `${this.person.name} connects again`);
  }

  close() {
    this.socket.close();
  }

  // Who else is there and that there are new notifications is announced between everything else, and old pages do not know it.
  #hear(event) {
    if (['presence_changed', 'notifications_changed'].includes(event[0])) return;
    this.#heard.push(withoutNumber(event));
    for (const waiter of this.#waiting) waiter();
  }

  /** Everything received since the last call. */
  take() {
    return this.#heard.splice(0);
  }

  /** Waits until what was received fulfils a condition, and leaves it there. */
  until(condition, what) {
    return within(new Promise((resolve) => {
      const look = () => {
        if (!condition(this.#heard)) return;
        this.#waiting = this.#waiting.filter((waiter) => waiter !== look);
        resolve();
      };
      this.#waiting.push(look);
      look();
    }), what);
  }

  tell(event, ...args) {
    this.socket.emit(event, ...args);
  }

  /** Sends an event and gives its acknowledgement. */
  ask(event, ...args) {
    return within(new Promise((resolve) => { this.socket.emit(event, ...args, resolve); }), `acknowledgement of ${event}`);
  }

  /**
   * Everything the server has sent so far has arrived afterwards: the answer to a question of one's own comes behind
   * it on the same socket. So "receives nothing" needs no waiting for an amount of time.
   */
  async settle() {
    assert.equal((await this.ask('no_such_event')).error, 'notFound');
  }

  async join(board) {
    const answer = await this.ask('join_project_room', board.id);
    assert.equal(answer.ok, true, `${this.person.name} joins: ${JSON.stringify(answer)}`);
    return answer.rev;
  }

  gone() {
    return within(new Promise((resolve) => { this.socket.once('disconnect', resolve); }), `${this.person.name} is disconnected`);
  }
}

/** An event's payload without the id of who made the change, which is sent beside the keys of the contract. */
export function withoutAuthor(content) {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== 'by'));
}

/** What each tab has received after all have settled, in the given order, without the authors, which `rooms.test.mjs` checks. */
export async function news(...tabs) {
  await Promise.all(tabs.map((tab) => tab.settle()));
  return tabs.map((tab) => tab.take().map(([name, ...contents]) => [name, ...contents.map(withoutAuthor)]));
}
