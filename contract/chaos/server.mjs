/** The binary under test, which is stopped and killed in the middle of everything. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';

const { CHAOS_BINARY, CHAOS_DIR, CHAOS_ADDR, CHAOS_DB } = process.env;

export const url = `http://${CHAOS_ADDR}`;

const env = {
  ...process.env, TASKSTACK_DATA_DIR: CHAOS_DIR, TASKSTACK_DB_URI: CHAOS_DB, TASKSTACK_ADDR: CHAOS_ADDR, TASKSTACK_PUBLIC_URL: url,
  TASKSTACK_RATE_LIMIT: 'off', TASKSTACK_BCRYPT_COST: '4', TASKSTACK_LOG_LEVEL: 'info',
};

let child = null;

/** Fills the empty database with the people of the demo. */
export function fill() {
  execFileSync(CHAOS_BINARY, ['demo'], { env, cwd: CHAOS_DIR, stdio: 'pipe' });
}

/** Serves, and is done when the address is open. */
export async function start() {
  const log = openSync(`${CHAOS_DIR}/log`, 'a');
  child = spawn(CHAOS_BINARY, ['serve'], { env, cwd: CHAOS_DIR, stdio: ['ignore', 'pipe', log] });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

/** Ends the process: "SIGKILL" is a crash, "SIGTERM" a polite stop, which must be a clean one. */
export async function stop(signal) {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  if (signal === 'SIGTERM') assert.equal(code, 0, 'the server stops cleanly');
}

process.on('exit', () => child?.kill('SIGKILL'));
