/** The flash message: set by one page, shown by the next page of this tab by `<ui-flash>`. */
import { safeStorage, sessionStore } from './storage.js';

const KEY = 'handOver';

/** Sets the message for the next page. */
export function setFlashMessage(text, storage = sessionStore) {
  safeStorage(() => storage).setItem(KEY, text); // where storage is forbidden, the next page shows no message
}

/** Returns the message of the previous page and removes it; "" if there is none. */
export function takeFlashMessage(storage = sessionStore) {
  const safe = safeStorage(() => storage);
  const text = safe.getItem(KEY) ?? '';
  safe.removeItem(KEY);
  return text;
}
