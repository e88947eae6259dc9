/**
 * The browser's storage without exceptions: with site data blocked even reading `localStorage` throws, and with a full quota
 * writing throws. Nothing here throws. No other file touches the browser's own storages (ESLint).
 */

/**
 * A storage that never throws.
 *
 * @param {() => Storage} open returns the browser's storage; may throw
 */
export function safeStorage(open) {
  const attempt = (action, otherwise) => {
    try {
      return action(open());
    } catch {
      return otherwise;
    }
  };
  return {
    /** The value, or null. */
    getItem: (key) => attempt((storage) => storage.getItem(key), null),

    /** Stores a value; false if the browser refuses. */
    setItem: (key, value) => attempt((storage) => {
      storage.setItem(key, value);
      return true;
    }, false),

    removeItem: (key) => attempt((storage) => storage.removeItem(key), undefined),

    /** The keys that begin with `prefix`. */
    keys: (prefix = '') => attempt((storage) => Object.keys(storage).filter((key) => key.startsWith(prefix)), []),
  };
}

/** For this browser, until it is removed. */
export const localStore = safeStorage(() => globalThis.localStorage);

/** For this tab. */
export const sessionStore = safeStorage(() => globalThis.sessionStorage);
