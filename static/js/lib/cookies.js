/** The few cookies that scripts write: choices of the person, nothing secret. */

const YEAR = 365 * 24 * 60 * 60; // seconds

/** Keeps a value for `years`, for this site only. */
export function setCookie(name, value, years = 1) {
  write(`${name}=${encodeURIComponent(value)}; path=/; max-age=${years * YEAR}; samesite=strict`);
}

/** Forgets it. */
export function removeCookie(name) {
  write(`${name}=; path=/; max-age=0; samesite=strict`);
}

/** The value, or null. */
export function getCookie(name, cookies = read()) {
  for (const pair of cookies.split('; ')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at) === name) return decode(pair.slice(at + 1));
  }
  return null;
}

// A browser may forbid even to look: the choice then holds for this page only.
function read() {
  try {
    return document.cookie;
  } catch {
    return '';
  }
}

function write(text) {
  try {
    document.cookie = text;
  } catch { /* as above */ }
}

// Another program on this host may have written what is no such encoding.
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
