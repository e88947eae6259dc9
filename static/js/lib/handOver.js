/** A message for the page that comes next in this tab, shown there by `<ui-banners>`. */

const KEY = 'handOver';

/** Leaves a message for the next page. */
export function leaveMessage(text, storage = globalThis.sessionStorage) {
  try {
    storage.setItem(KEY, text);
  } catch {
    // Storage is forbidden: the next page says nothing, and still is the right one.
  }
}

/** Takes the message that the last page has left, "" if none. */
export function takeMessage(storage = globalThis.sessionStorage) {
  try {
    const text = storage.getItem(KEY) ?? '';
    storage.removeItem(KEY);
    return text;
  } catch {
    return '';
  }
}
