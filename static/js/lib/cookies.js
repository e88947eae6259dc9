/** The cookies that scripts write: preferences, nothing secret. */

const YEAR = 365 * 24 * 60 * 60; // seconds

/** Sets a cookie for a year, for this site only, or for the pages below `path`. */
export function setCookie(name, value, { path = '/' } = {}) {
  write(`${name}=${encodeURIComponent(value)}; path=${path}; max-age=${YEAR}; samesite=strict`);
}

/** Removes a cookie that was set for `path`. */
export function removeCookie(name, { path = '/' } = {}) {
  write(`${name}=; path=${path}; max-age=0; samesite=strict`);
}

// A browser may deny access to cookies: the preference then holds for this page only.
function write(text) {
  try {
    document.cookie = text;
  } catch { /* denied */ }
}
