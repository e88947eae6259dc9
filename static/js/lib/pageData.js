/** Data of the server for scripts in `<script type="application/json" id="…">`. */

/** The value of such an element, or null if the page has none. */
export function readJSON(id) {
  const source = document.getElementById(id);
  return source ? JSON.parse(source.textContent) : null;
}

let data;

/** The page's own data, `#pageData`; null if it has none. Read once. */
export function pageData() {
  data ??= readJSON('pageData');
  return data;
}
