/** The few cookies that scripts write: choices of the person, nothing secret. */

const YEAR = 365 * 24 * 60 * 60; // seconds

/** Keeps a value for `years`, for this site only. */
export function setCookie(name, value, years = 1) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${years * YEAR}; samesite=strict`;
}

/** Forgets it. */
export function removeCookie(name) {
  document.cookie = `${name}=; path=/; max-age=0; samesite=strict`;
}

/** The value, or null. */
export function getCookie(name, cookies = document.cookie) {
  for (const pair of cookies.split('; ')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at) === name) return decodeURIComponent(pair.slice(at + 1));
  }
  return null;
}
