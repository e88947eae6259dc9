/** What is under test and goes wrong in the middle of everything: one server, or several behind nginx with Redis. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Servers } from '../lib/servers.mjs';

const { CHAOS_BINARY, CHAOS_DIR, CHAOS_ADDR, CHAOS_DB } = process.env;

/** One server, which is stopped once and killed once. */
class OneServer {
  url = `http://${CHAOS_ADDR}`;
  child = null;
  env = {
    ...process.env, TASKSTACK_DATA_DIR: CHAOS_DIR, TASKSTACK_DB_URI: CHAOS_DB, TASKSTACK_ADDR: CHAOS_ADDR, TASKSTACK_PUBLIC_URL: this.url,
    TASKSTACK_RATE_LIMIT: 'off', TASKSTACK_BCRYPT_COST: '4', TASKSTACK_LOG_LEVEL: 'info',
  };

  /** Fills the empty database with the people of the demo, and serves. */
  async begin() {
    execFileSync(CHAOS_BINARY, ['demo'], { env: this.env, cwd: CHAOS_DIR, stdio: 'pipe' });
    await this.#start();
  }

  /** Is done when the address is open. */
  async #start() {
    const log = openSync(`${CHAOS_DIR}/log`, 'a');
    this.child = spawn(CHAOS_BINARY, ['serve'], { env: this.env, cwd: CHAOS_DIR, stdio: ['ignore', 'pipe', log] });
    await new Promise((resolve, reject) => {
      this.child.stdout.once('data', resolve);
      this.child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
  }

  async #stop(signal) {
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = await ended;
    if (signal === 'SIGTERM') assert.equal(code, 0, 'the server stops cleanly');
  }

  async trouble(seconds, random, isOver) {
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      await pause(seconds * 333);
      if (isOver()) return;
      await this.#stop(signal);
      await pause(random(1500));
      await this.#start();
    }
  }

  browserOf(person) {
    return person;
  }

  transports() {
    return undefined;
  }

  end() {
    return this.#stop('SIGTERM');
  }

  kill() {
    this.child?.kill('SIGKILL');
  }
}

/** Several servers, of which one is away or cut off now and then, and a Redis that does what it likes. */
class SeveralServers extends Servers {
  #next = 0;
  faults = 0;

  begin() {
    return this.start();
  }

  /** One fault after the other; they take turns, so that a short run has each once. */
  async trouble(seconds, random, isOver) {
    const aWhile = () => pause(200 + random(1800));
    const faults = [
      () => this.#restart('SIGKILL', random, aWhile),
      async () => { await this.redis.stop('SIGKILL'); await aWhile(); await this.startRedis(); },
      async () => { this.link.cut(); await aWhile(); this.link.mend(); },
      () => this.#restart('SIGTERM', random, aWhile),
      async () => { this.redis.signal('SIGSTOP'); await aWhile(); this.redis.signal('SIGCONT'); },
      () => this.flushRedis(),
    ];
    while (!isOver()) {
      await pause(seconds * 40);
      await faults[this.#next++ % faults.length]();
      this.faults += 1;
    }
  }

  async #restart(signal, random, aWhile) {
    const server = this.all[random(this.all.length)];
    await server.stop(signal);
    await aWhile();
    await this.startServer(server);
  }

  /** Some networks allow long polling only. */
  transports(random) {
    return [['polling'], ['websocket'], ['polling', 'websocket']][random(3)];
  }

  async end() {
    console.log(`${this.faults} faults of ${this.count} servers, their Redis and the lines between`);
    await this.stop();
  }
}

export const server = process.env.CHAOS_SERVERS ? new SeveralServers(Number(process.env.CHAOS_SERVERS)) : new OneServer();

process.on('exit', () => server.kill());
