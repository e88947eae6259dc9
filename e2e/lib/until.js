/** Waiting for states: asks again and again, and says what it last saw when it gives up. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const TIMEOUT_MS = 120_000; // ms; a busy machine is slow, and only what is broken waits for so long
const BETWEEN = 40; // ms

/**
 * Waits until `look` returns something true, and returns that.
 *
 * @param {string} what the state, as the end of "gave up waiting until …"
 * @param {() => unknown} look what it throws ends the wait, except assertions: they are only "not yet"
 */
export async function until(what, look, { timeoutMs = TIMEOUT_MS } = {}) {
  const end = Date.now() + timeoutMs;
  let last;
  for (;;) {
    try {
      const seen = await look();
      if (seen) return seen;
      last = JSON.stringify(seen);
    } catch (error) {
      if (!(error instanceof assert.AssertionError)) throw error;
      last = error.message;
    }
    if (Date.now() > end) throw new Error(`gave up waiting until ${what}; at last: ${last}`);
    await pause(BETWEEN);
  }
}

/** Waits until `look` returns what is expected. */
export function untilEqual(what, look, expected, options) {
  return until(what, async () => {
    assert.deepEqual(await look(), expected);
    return true;
  }, options);
}

/** Holds a state for a time that is itself the point of a story, as "the network is down for ten seconds". */
export function lasting(seconds) {
  return pause(seconds * 1000);
}
