/**
 * The dialogs of cards and lists (`?card=40`) and the tabs of the settings (`?settings=details`) have addresses: they can be shared and opened in a new tab, and the back
 * button closes those of cards and lists.
 */

/** The id of the dialog of a kind ("card", "list", "settings") in the address, or null. */
export function openDialogId(name) {
  return new URLSearchParams(location.search).get(name);
}

/** Adds a history entry for an opened dialog. */
export function pushDialog(name, id) {
  if (openDialogId(name) === id) return;
  history.pushState({ opened: name }, '', location.pathname + queryWithout(name, id));
}

/** Goes back in the history after a dialog was closed. */
export function popDialog(name) {
  if (openDialogId(name) === null) return;
  if (history.state?.opened === name) history.back();
  else history.replaceState(history.state, '', location.pathname + queryWithout(name));
}

/** Replaces a temporary id in the address by the server's. */
export function renameDialog(name, id) {
  if (openDialogId(name) !== null) history.replaceState(history.state, '', location.pathname + queryWithout(name, id));
}

/** Writes a tab of the settings into the address, none without an id. There is no history entry: renaming changes the path meanwhile. */
export function nameDialog(name, id) {
  history.replaceState(history.state, '', location.pathname + queryWithout(name, id));
}

function queryWithout(name, id) {
  const params = new URLSearchParams(location.search);
  for (const other of ['card', 'list', 'settings', name]) params.delete(other);
  if (id !== undefined) params.set(name, id);
  const query = params.toString();
  return query ? `?${query}` : '';
}
