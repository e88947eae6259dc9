/** A message for the page that comes next in this tab, shown there by `<ui-banners>`. */
import { safeStorage, sessionStore } from './storage.js';

const KEY = 'handOver';

/** Leaves a message for the next page. */
export function leaveMessage(text, storage = sessionStore) {
  safeStorage(() => storage).setItem(KEY, text); // where that is forbidden, the next page says nothing, and still is the right one
}

/** Takes the message that the last page has left, "" if none. */
export function takeMessage(storage = sessionStore) {
  const safe = safeStorage(() => storage);
  const text = safe.getItem(KEY) ?? '';
  safe.removeItem(KEY);
  return text;
}
