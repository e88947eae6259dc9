/** Writes to the clipboard. `navigator.clipboard` exists on secure pages only, and access may be denied. */
import { el } from './dom.js';

/** Copies a text; false if the browser refuses. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

// Next to the focused element: an open dialog makes everything else inert, and the surrounding element keeps the focus within.
function copyBySelection(text) {
  const { activeElement, body } = document;
  const field = el('textarea', { class: 'visuallyHidden', readonly: true, tabindex: -1, 'aria-hidden': 'true' });
  field.value = text;
  const dialog = [...document.querySelectorAll('dialog:modal')].at(-1);
  (activeElement && activeElement !== body ? activeElement.parentElement : dialog ?? body).append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    activeElement?.focus?.({ preventScroll: true });
  }
}
