/**
 * Detects that a page was suspended: in the background, frozen by the browser, on a closed laptop, or without a network.
 * What it shows may be stale, and its connection may be dead without having noticed.
 */

const TICK = 2000; // ms
// On a busy machine timers are late, but not by that much.
const SUSPENDED_AFTER = 8000;

/**
 * Calls `listener(suspendedMs)` when the page may have missed something: the time (ms) during which no script ran, 0 if
 * scripts did run. Ends with the signal.
 */
export function onResume(listener, signal) {
  let ticked_at = Date.now();
  const resume = () => {
    const suspendedMs = Date.now() - ticked_at;
    ticked_at = Date.now();
    if (document.visibilityState === 'visible') listener(suspendedMs > SUSPENDED_AFTER ? suspendedMs : 0);
  };
  const timer = setInterval(() => {
    // Browsers throttle the timers of background pages.
    if (Date.now() - ticked_at > SUSPENDED_AFTER) resume();
    ticked_at = Date.now();
  }, TICK);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  for (const type of ['visibilitychange', 'resume']) document.addEventListener(type, resume, { signal });
  addEventListener('online', resume, { signal });
  // The event fires for every page; only one from the back/forward cache was suspended.
  addEventListener('pageshow', ({ persisted }) => persisted && resume(), { signal });
}
