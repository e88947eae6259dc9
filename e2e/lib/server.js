/** The real binary with an empty database of its own, on a free port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from './until.js';

const binary = path.resolve(process.env.TASKSTACK_BIN ?? path.join(import.meta.dirname, '../../bin/taskstack'));

export class Server {
  #process = null;
  #log = '';
  #out = '';
  #dir;
  #port;
  #env;

  constructor(dir, port, env) {
    this.#dir = dir;
    this.#port = port;
    this.#env = env;
  }

  /**
   * @param {{demo?: boolean, env?: Record<string, string>}} [options] demo: with the people and boards of `taskstack demo`; env:
   *   settings beside those of all stories
   */
  static async start({ demo = false, env = {} } = {}) {
    if (!existsSync(binary)) throw new Error(`there is no ${binary}: run \`make build\` first`);
    const server = new Server(await mkdtemp(path.join(tmpdir(), 'taskstack-e2e-')), await freePort(), env);
    if (demo) await server.#fill();
    await server.run();
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Everything it has written so far. */
  get log() {
    return this.#log;
  }

  /** What it has printed since its start. */
  get out() {
    return this.#out;
  }

  /** Starts, or starts again after `halt`, on the same port with the same data. */
  async run() {
    const child = this.#process = this.#spawn([]);
    this.#out = '';
    child.stdout.on('data', (chunk) => { this.#out += chunk; });
    await until('the server serves', () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.#log}`);
      return this.#out.includes('serves on');
    });
  }

  /** Stops the process and keeps the data; "SIGKILL" is a crash. */
  async halt(signal = 'SIGTERM') {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Stops it for good. */
  async stop() {
    await this.halt();
    await rm(this.#dir, { recursive: true, force: true });
  }

  /** The latest mail to an address, as plain text. */
  async mailTo(address) {
    const outbox = path.join(this.#dir, 'outbox');
    return until(`a mail to ${address} is in the outbox`, async () => {
      const names = (await readdir(outbox)).filter((name) => name.endsWith('.eml')).sort().reverse();
      for (const name of names) {
        const mail = await readFile(path.join(outbox, name), 'utf8');
        if (mail.includes(`<${address}>`)) return plain(mail);
      }
      return null;
    });
  }

  async #fill() {
    const child = this.#spawn(['demo']);
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`taskstack demo ended with ${code}:\n${this.#log}`);
  }

  #spawn(args) {
    const child = spawn(binary, args, {
      cwd: this.#dir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH, HOME: this.#dir, TASKSTACK_DATA_DIR: this.#dir, TASKSTACK_ADDR: `127.0.0.1:${this.#port}`, TASKSTACK_PUBLIC_URL: this.url,
        TASKSTACK_RATE_LIMIT: 'off', TASKSTACK_BCRYPT_COST: '4', ...this.#env,
      },
    });
    child.stderr.on('data', (chunk) => { this.#log += chunk; });
    return child;
  }
}

// Quoted-printable, as far as our mails use it.
function plain(mail) {
  const bytes = mail.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** A port that was free a moment ago. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
