/** Writing the clipboard. `navigator.clipboard` exists on secure pages only, and may be forbidden there. */
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

// Beside what has the focus: an open dialog makes all else inert, and what is around the focus does not count it as lost.
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
