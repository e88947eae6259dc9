/** Delays, debouncing and throttling. All times in milliseconds. */

/** A promise that resolves after `delay`, or rejects when `signal` aborts. */
export function wait(delay, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(resolve, delay);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}

/**
 * Calls `action` after `delay` without another call, with the last arguments. `.cancel()` drops a pending call, `.flush()`
 * runs it at once.
 */
export function debounce(action, delay) {
  let timer = null;
  let args = [];
  const run = () => {
    timer = null;
    action(...args);
  };
  const debounced = (...latest) => {
    args = latest;
    clearTimeout(timer);
    timer = setTimeout(run, delay);
  };
  debounced.cancel = () => {
    clearTimeout(timer);
    timer = null;
  };
  debounced.flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    run();
  };
  return debounced;
}

/** Calls `action` at most once per frame, with the last arguments. `.cancel()` drops a pending call. */
export function oncePerFrame(action) {
  let frame = null;
  let args = [];
  const scheduled = (...latest) => {
    args = latest;
    frame ??= requestAnimationFrame(() => {
      frame = null;
      action(...args);
    });
  };
  scheduled.cancel = () => {
    cancelAnimationFrame(frame);
    frame = null;
  };
  return scheduled;
}

/**
 * Runs an asynchronous `action` one at a time: calls during a run are combined into one run after it. Returns a promise of
 * a run that starts after the call.
 */
export function coalesce(action) {
  let running = null;
  let next = null;
  const start = () => {
    next = null;
    running = Promise.resolve(action()).finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running.then(start, start);
    return next;
  };
}

/** Whether the system is set to reduced motion. */
export function prefersReducedMotion() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Calls `action` when the page has nothing more urgent to do. */
export function whenIdle(action) {
  if (globalThis.requestIdleCallback) requestIdleCallback(() => action(), { timeout: 2000 });
  else setTimeout(action, 200);
}
