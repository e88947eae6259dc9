/** The cookies that scripts write: preferences, nothing secret. */

const YEAR = 365 * 24 * 60 * 60; // seconds

/** Sets a cookie for `years`, for this site only. */
export function setCookie(name, value, years = 1) {
  write(`${name}=${encodeURIComponent(value)}; path=/; max-age=${years * YEAR}; samesite=strict`);
}

/** Removes a cookie. */
export function removeCookie(name) {
  write(`${name}=; path=/; max-age=0; samesite=strict`);
}

// A browser may deny access to cookies: the preference then holds for this page only.
function write(text) {
  try {
    document.cookie = text;
  } catch { /* denied */ }
}
