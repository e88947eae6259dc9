/** The server's time: the clock of the viewer's device may be wrong. */

let difference = null; // ms the server is ahead of this device

/** The current time of the server, in ms. */
export function serverNow() {
  difference ??= measured();
  return Date.now() + difference;
}

// The page contains the time of its creation; the browser knows when the response started.
function measured() {
  const made = Date.parse(globalThis.document?.querySelector('meta[name="server-time"]')?.content ?? '');
  const [page] = globalThis.performance?.getEntriesByType?.('navigation') ?? [];
  if (Number.isNaN(made) || !page) return 0;
  return made - (performance.timeOrigin + page.responseStart);
}
