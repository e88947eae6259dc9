/**
 * A page that was asleep: in the background, frozen by the browser, on a closed laptop, or without a network. What it
 * shows is old, and its timers and connection say nothing about it.
 */

const TICK = 2000; // ms
// Timers are late on a busy machine, but not by so much.
const LATE = 8000;

/**
 * Calls `listener(slept)` when the page may have missed something; slept is how long (ms) it has not run at all, 0 if
 * it has. Ends with the signal.
 */
export function onWake(listener, signal) {
  let ticked_at = Date.now();
  const wake = () => {
    const slept = Date.now() - ticked_at;
    ticked_at = Date.now();
    if (document.visibilityState === 'visible') listener(slept > LATE ? slept : 0);
  };
  const timer = setInterval(() => {
    // In the background timers are slowed down on purpose.
    if (Date.now() - ticked_at > LATE) wake();
    ticked_at = Date.now();
  }, TICK);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  for (const type of ['visibilitychange', 'resume']) document.addEventListener(type, wake, { signal });
  addEventListener('online', wake, { signal });
  // Every page is shown once; only one that comes back from the cache was asleep.
  addEventListener('pageshow', ({ persisted }) => persisted && wake(), { signal });
}
