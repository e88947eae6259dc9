/** Several servers of the binary under test behind nginx, with one database and one Redis, all of them private to a test. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Person } from './people.mjs';

const START_TIMEOUT_MS = 60_000;

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A process that a test starts, ends in many ways, and starts again. */
class Program {
  child = null;

  constructor(name, dir, command, args, env = {}) {
    Object.assign(this, { name, command, args, env, log: `${dir}/${name}.log` });
  }

  spawn() {
    const log = openSync(this.log, 'a');
    this.child = spawn(this.command, this.args, { env: { ...process.env, ...this.env }, stdio: ['ignore', 'pipe', log] });
    closeSync(log);
    this.child.stdout.resume();
  }

  signal(name) {
    this.child.kill(name);
  }

  /** Ends the process: "SIGKILL" is a crash, "SIGTERM" a polite stop, which must be a clean one. */
  async stop(signal) {
    const { child } = this;
    const ended = once(child, 'exit');
    this.signal(signal);
    const [code] = await ended;
    this.child = null;
    if (signal === 'SIGTERM') assert.equal(code, 0, `${this.name} stops cleanly:\n${readFileSync(this.log)}`);
  }
}

/** A line to a server that can be cut. */
class Link {
  #lines = new Set();
  #cut = false;

  static async open(target) {
    const link = new Link();
    link.server = net.createServer((near) => link.#join(near, target)).listen(0, '127.0.0.1');
    await once(link.server, 'listening');
    link.port = link.server.address().port;
    return link;
  }

  #join(near, target) {
    const far = net.connect(target, '127.0.0.1');
    for (const [line, other] of [[near, far], [far, near]]) {
      line.on('error', () => {}).on('close', () => {
        other.destroy();
        this.#lines.delete(line);
      });
      line.pipe(other);
      this.#lines.add(line);
    }
    if (this.#cut) near.destroy();
  }

  cut() {
    this.#cut = true;
    for (const line of this.#lines) line.destroy();
  }

  mend() {
    this.#cut = false;
  }
}

/** docker/nginx.conf for these servers: without TLS, on a free port. */
function nginxConfig(servers, port) {
  const shape = readFileSync(new URL('../../docker/nginx.conf', import.meta.url), 'utf8');
  const made = shape
    .replace(/ {2}server \{\s*listen 80 default_server;.*?\n {2}\}\n/s, '') // sends people to https
    .replace(/^ *listen \[::\].*\n/gm, '').replace(/listen 443 .*;/, `listen 127.0.0.1:${port};`).replace(/^ *ssl_.*\n/gm, '')
    .replace(/^ *server taskstack:5000.*$/m, servers.map((at) => `    server 127.0.0.1:${at} max_fails=1 fail_timeout=5s;`).join('\n'))
    .replace('mime.types', '/etc/nginx/mime.types')
    .replace('worker_processes auto', 'worker_processes 1').replace(/worker_rlimit_nofile.*\n/, '').replace('16384', '1024')
    .replace('http {', 'http {\n  access_log off;\n  client_body_temp_path body;\n  proxy_temp_path proxy;\n  fastcgi_temp_path fastcgi;\n  uwsgi_temp_path uwsgi;\n  scgi_temp_path scgi;\n');
  assert.ok(!/\b443\b|ssl/.test(made.replace(/#.*/g, '')), 'docker/nginx.conf has another shape now'); // a free port may have these digits, too
  return made;
}

export class Servers {
  all = [];

  constructor(count, { binary = process.env.SERVERS_BINARY, dir = process.env.SERVERS_DIR, db = process.env.SERVERS_DB, env = {} } = {}) {
    Object.assign(this, { count, binary, dir, db, env });
  }

  /** Starts everything; the first server reaches Redis by a line of its own, `link`. */
  async start() {
    const redisPort = await freePort();
    this.redis = new Program('redis', this.dir, 'redis-server', ['--port', redisPort, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', this.dir]);
    await this.startRedis();
    this.link = await Link.open(redisPort);
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const common = {
      TASKSTACK_DB_URI: this.db, TASKSTACK_PUBLIC_URL: this.url, TASKSTACK_SECRET_KEY: 'a key that all of the servers have',
      TASKSTACK_TRUSTED_PROXIES: '127.0.0.1', TASKSTACK_RATE_LIMIT: 'off', TASKSTACK_BCRYPT_COST: '4', TASKSTACK_DATA_DIR: `${this.dir}/data`, ...this.env,
    };
    execFileSync(this.binary, ['demo'], { env: { ...process.env, ...common }, cwd: this.dir, stdio: 'pipe' });
    const ports = [];
    for (let i = 0; i < this.count; i++) {
      ports.push(await freePort());
      const redis = `redis://127.0.0.1:${i === 0 ? this.link.port : redisPort}`;
      const server = new Program(`server${i}`, this.dir, this.binary, ['serve'], { ...common, TASKSTACK_ADDR: `127.0.0.1:${ports[i]}`, TASKSTACK_REDIS_URL: redis });
      server.at = `http://127.0.0.1:${ports[i]}`;
      this.all.push(server);
    }
    await Promise.all(this.all.map((server) => this.startServer(server)));
    mkdirSync(`${this.dir}/nginx`);
    writeFileSync(`${this.dir}/nginx/nginx.conf`, nginxConfig(ports, port));
    this.nginx = new Program('nginx', this.dir, 'nginx', ['-p', `${this.dir}/nginx`, '-c', 'nginx.conf', '-e', `${this.dir}/nginx-error.log`, '-g', `daemon off; pid ${this.dir}/nginx.pid;`], { PATH: `${process.env.PATH}:/usr/sbin` });
    this.nginx.spawn();
    await this.until(async () => (await fetch(`${this.url}/healthz`)).ok, 'nginx answers');
    await this.allLive();
  }

  async startServer(server) {
    server.spawn();
    const { child } = server;
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => Promise.reject(new Error(`${server.name} does not start:\n${readFileSync(server.log)}`)))]);
  }

  async startRedis() {
    this.redis.spawn();
    await this.until(() => { execFileSync('redis-cli', ['-p', this.redis.args[1], 'ping'], { stdio: 'pipe' }); return true; }, 'Redis answers');
  }

  flushRedis() {
    execFileSync('redis-cli', ['-p', this.redis.args[1], 'flushall'], { stdio: 'pipe' });
  }

  /** What a server says of Redis: ok or degraded. */
  async state(server) {
    const { checks } = await (await fetch(`${server.at}/readyz`)).json();
    return checks.redis;
  }

  /** Waits until nginx gives a server that was away its share of browsers again. */
  hasTraffic(server) {
    const before = readFileSync(server.log).length;
    return this.until(async () => {
      await fetch(`${this.url}/login`, { headers: { cookie: `route=${randomBytes(8).toString('hex')}` } });
      return readFileSync(server.log).subarray(before).includes('path=/login');
    }, 'nginx uses the server again');
  }

  /** Waits until all servers receive from each other. */
  allLive() {
    return this.until(async () => {
      for (const server of this.all) {
        if (await this.state(server) !== 'ok') return false;
        const metrics = await (await fetch(`${server.at}/metrics`)).text();
        if (!metrics.includes(`socketio_redis_servers ${this.count - 1}\n`)) return false;
      }
      return true;
    }, 'all servers hear each other');
  }

  /** Waits for a condition; errors on the way count as "not yet". */
  async until(condition, what) {
    const end = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        if (await condition()) return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
      assert.ok(Date.now() < end, `${what}: not within ${START_TIMEOUT_MS} ms`);
      await pause(20);
    }
  }

  /** The same person in another browser, which nginx gives to a server by its cookie. */
  browserOf(person) {
    const cookie = person.cookie.split('; ').filter((one) => !one.startsWith('route=')).concat(`route=${randomBytes(8).toString('hex')}`).join('; ');
    return new Person({ name: person.name, cookie, at: this.url });
  }

  /** The same person on one server, past nginx. */
  directly(person, server) {
    return new Person({ name: person.name, cookie: person.cookie, at: server.at });
  }

  async stop() {
    this.redis?.child?.kill('SIGCONT');
    await Promise.all(this.all.filter(({ child }) => child).map((server) => server.stop('SIGTERM')));
    // After a start that failed some are missing; what goes on would keep this process alive.
    for (const program of [this.nginx, this.redis]) if (program?.child) await program.stop('SIGTERM');
    this.link?.cut();
    this.link?.server.close();
  }

  kill() {
    for (const program of [...this.all, this.redis]) program?.child?.kill('SIGKILL');
    // Killed, nginx would leave its workers behind, which keep this process alive by its pipe.
    this.nginx?.child?.kill('SIGTERM');
  }
}
