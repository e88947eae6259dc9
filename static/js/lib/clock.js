/** The server's time, by which everything on a page is dated: the clock of the viewer's device may be wrong. */

let difference = null; // ms the server is ahead of this device

/** Now, in ms, as the server has it. */
export function serverNow() {
  difference ??= measured();
  return Date.now() + difference;
}

// The page says when it was made; the browser when it began to come.
function measured() {
  const made = Date.parse(globalThis.document?.querySelector('meta[name="server-time"]')?.content ?? '');
  const [page] = globalThis.performance?.getEntriesByType?.('navigation') ?? [];
  if (Number.isNaN(made) || !page) return 0;
  return made - (performance.timeOrigin + page.responseStart);
}
