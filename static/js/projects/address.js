/**
 * Windows of the board are addresses (`?card=40`): they can be shared and opened in a new tab, and the browser's
 * back button closes them.
 */

/** What the address wants open under a name ("card", "list"), or null. */
export function wantedBy(name) {
  return new URLSearchParams(location.search).get(name);
}

/** Writes an opened window into the address. */
export function entered(name, id) {
  if (wantedBy(name) === id) return;
  history.pushState({ opened: name }, '', location.pathname + queryWithout(name, id));
}

/** The window was closed by hand: the address goes back to where it was. */
export function left(name) {
  if (wantedBy(name) === null) return;
  if (history.state?.opened === name) history.back();
  else history.replaceState(history.state, '', location.pathname + queryWithout(name));
}

/** The temporary id in the address has become a real one. */
export function renamed(name, id) {
  if (wantedBy(name) !== null) history.replaceState(history.state, '', location.pathname + queryWithout(name, id));
}

function queryWithout(name, id) {
  const params = new URLSearchParams(location.search);
  for (const other of ['card', 'list', name]) params.delete(other);
  if (id !== undefined) params.set(name, id);
  const query = params.toString();
  return query ? `?${query}` : '';
}
