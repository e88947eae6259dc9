/** Waiting, and doing things less often. All times in milliseconds. */

/** A promise that is kept after `delay`, or rejected when `signal` aborts. */
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
 * Calls `action` once it has not been asked for during `delay`, with the last arguments. `.cancel()` forgets a call
 * that waits, `.flush()` makes it now.
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

/** Calls `action` at most once per frame, with the last arguments. `.cancel()` forgets a call that waits. */
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
 * Calls `action`, which may take its time, never twice at once: asked again meanwhile, it is called once more behind.
 * Returns a promise of a call that began after one asked.
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

/** Whether the person asked the system for less movement. */
export function prefersStillness() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
