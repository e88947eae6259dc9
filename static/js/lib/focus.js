/**
 * Keeps the keyboard focus in the page. When the focused element is removed, hidden or disabled, by a script or by another
 * person, browsers move the focus to `body`: the next Tab then starts at the top of the page, and a screen reader loses its
 * position. Here the next focus target is the nearest element.
 */
import { focusables } from './dom.js';

/**
 * Records the position of an element in the page.
 *
 * @param {Element} element
 * @returns {() => HTMLElement | null} the next focus target: the element itself while it can have the focus, then the
 *   nearest one to its position (what followed it, what preceded it, the same around its parent), then what the page marks
 *   with `data-focus-home`, or its content
 */
export function rememberPlace(element) {
  const path = [];
  for (let node = element; node?.parentElement && node.parentElement !== document.body && node !== document.body; node = node.parentElement) {
    path.push({ parent: node.parentElement, following: node.nextElementSibling, preceding: node.previousElementSibling });
  }
  return () => (canHaveFocus(element) ? element : nearest(path));
}

function nearest(path) {
  for (const { parent, following, preceding } of path) {
    if (!isShown(parent)) continue;
    const target = search(following, parent, 'nextElementSibling') ?? search(preceding, parent, 'previousElementSibling') ?? first(parent);
    if (target) return target;
    if (parent.matches('[tabindex], dialog')) return parent;
  }
  return [...document.querySelectorAll('[data-focus-home]')].find(canHaveFocus) ?? document.getElementById('content');
}

// A neighbour that is removed, too, has lost its own neighbours.
function search(node, parent, direction) {
  for (let next = node; next?.parentElement === parent; next = next[direction]) {
    const target = first(next);
    if (target) return target;
  }
  return null;
}

function first(node) {
  if (node === document.body || node.id === 'content' || !isShown(node)) return null;
  return canHaveFocus(node) ? node : focusables(node)[0] ?? null;
}

function canHaveFocus(node) {
  return isShown(node) && node.matches('a[href], button, input, select, textarea, summary, [tabindex]') && !node.disabled;
}

function isShown(node) {
  return node.isConnected && node.checkVisibility({ visibilityProperty: true }) && !node.closest('[inert]');
}

/** Whether no element has the focus. */
export function isFocusLost() {
  return document.activeElement === null || document.activeElement === document.body;
}

/**
 * Watches the page and moves a lost focus to the next focus target. A click on the background removes the focus on purpose.
 *
 * @param {Document} root
 * @param {AbortSignal} [signal] stops watching
 */
export function keepFocus(root, signal) {
  let focused = null;
  let find = null;
  let frame = null;
  const look = () => {
    frame = null;
    if (focused && isFocusLost() && !canHaveFocus(focused)) find()?.focus({ preventScroll: true });
  };
  // Two frames: code that removes an element may move the focus itself.
  const soon = () => { frame ??= requestAnimationFrame(() => requestAnimationFrame(look)); };
  root.addEventListener('focusin', ({ target }) => {
    focused = target;
    find = rememberPlace(target);
  }, { signal });
  root.addEventListener('focusout', ({ relatedTarget }) => relatedTarget === null && soon(), { signal });
  const observer = new MutationObserver(() => isFocusLost() && soon());
  observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['hidden', 'disabled', 'open', 'inert'] });
  signal?.addEventListener('abort', () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  });
}
