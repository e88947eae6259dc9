/**
 * Menus. A menu is a popover, so Escape and a click elsewhere close it, and it is above dialogs; floating-ui positions it;
 * on phones it is a bottom sheet (menu.css). Arrows, Home, End and first letters move the focus in it.
 */
import { keyOf } from '../lib/keys.js';
import { fold } from '../lib/text.js';
import { el, icon, uniqueId } from '../lib/dom.js';
import { Element } from '../lib/element.js';

const MARGIN = 8; // px to the window's edge
const GAP = 4; // px between a button and its menu

// The library is a tenth of a page's scripts and no page opens with a menu: it is fetched when a person is about to open one.
let library = null;

function fetchLibrary() {
  library ??= import('@floating-ui/dom').catch(() => { library = null; }); // tried again by the next menu
  return library;
}

function fetchSoon({ type, target }) {
  if (type !== 'pointerover' || target.closest?.('button, a')) fetchLibrary();
}

for (const type of ['pointerover', 'pointerdown', 'keydown']) globalThis.document?.addEventListener(type, fetchSoon, { passive: true });

/**
 * Keeps a popover next to its anchor until the returned function is called. On phones the style sheet places it, unless
 * `sheet` is false.
 *
 * @param {HTMLElement} anchor
 * @param {HTMLElement} popup an open popover
 * @param {import('@floating-ui/dom').Placement} placement
 * @param {{ sheet?: boolean }} [options]
 */
export function keepNear(anchor, popup, placement = 'bottom-start', { sheet = true } = {}) {
  if (sheet && matchMedia('(width <= 640px)').matches) {
    popup.removeAttribute('style');
    return () => {};
  }
  let stop = () => {};
  const closed = new AbortController();
  placeOnce(anchor, popup, placement);
  fetchLibrary().then((floating) => {
    if (floating && !closed.signal.aborted) stop = follow(floating, anchor, popup, placement);
  });
  return () => {
    closed.abort();
    stop();
  };
}

// Until the library is there, and if it cannot be fetched.
function placeOnce(anchor, popup, placement) {
  const [near, own] = [anchor.getBoundingClientRect(), popup.getBoundingClientRect()];
  const left = placement.endsWith('end') ? near.right - own.width : near.left;
  const top = placement.startsWith('top') ? near.top - own.height - GAP : near.bottom + GAP;
  const within = (at, length, all) => `${Math.max(Math.min(at, all - length - MARGIN), MARGIN)}px`;
  Object.assign(popup.style, { left: within(left, own.width, innerWidth), top: within(top, own.height, innerHeight) });
}

function follow({ autoUpdate, computePosition, flip, offset, shift, size }, anchor, popup, placement) {
  return autoUpdate(anchor, popup, async () => {
    const { x, y } = await computePosition(anchor, popup, {
      placement,
      strategy: 'fixed',
      middleware: [offset(GAP), flip({ padding: MARGIN }), shift({ padding: MARGIN }), size({
        padding: MARGIN,
        apply: ({ availableHeight }) => popup.style.setProperty('--menu-available', `${Math.max(availableHeight, 120)}px`),
      })],
    });
    Object.assign(popup.style, { left: `${x}px`, top: `${y}px` });
  });
}

/** Moves the focus among a menu's items; true if the key was used. */
export function moveByKey(popup, event) {
  const items = itemsOf(popup);
  const to = nextIndex(keyOf(event), items.indexOf(document.activeElement), items.map((item) => item.textContent.trim()));
  if (to === null || event.ctrlKey || event.altKey || event.metaKey) return false;
  event.preventDefault();
  items[to]?.focus();
  return true;
}

function itemsOf(popup) {
  return [...popup.querySelectorAll('[role^="menuitem"]')].filter((item) => !item.disabled && item.getAttribute('aria-disabled') !== 'true' && item.checkVisibility());
}

/** The index that a key moves to, or null. */
export function nextIndex(key, current, texts) {
  const count = texts.length;
  if (count === 0) return null;
  if (key === 'ArrowDown') return (current + 1) % count;
  if (key === 'ArrowUp') return (current <= 0 ? count : current) - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if ([...key].length !== 1 || key === ' ') return null;
  for (let step = 1; step <= count; step += 1) {
    const index = (Math.max(current, -1) + step) % count;
    if (fold(texts[index]).startsWith(fold(key))) return index;
  }
  return null;
}

/**
 * Creates and opens a menu.
 *
 * @param {HTMLElement} anchor gets the focus when the menu closes
 * @param {{ text: string, icon?: string, danger?: boolean, disabled?: boolean, checked?: boolean, href?: string, keys?: string, action?: () => void }[]} items
 *   `checked` true or false makes it a choice, `keys` is a shortcut to show
 * @param {object} [options]
 * @param {string} [options.label] for screen readers
 * @returns {() => void} closes it
 */
export function openMenu(anchor, items, { label, placement = 'bottom-end' } = {}) {
  const popup = el('div', { class: 'menu', role: 'menu', popover: 'auto', id: uniqueId('menu'), 'aria-label': label ?? anchor.getAttribute('aria-label') ?? anchor.textContent.trim() });
  popup.append(...items.map((item) => menuItem(item, () => popup.hidePopover())));
  anchor.after(popup);
  popup.showPopover();
  const leave = keepNear(anchor, popup, placement);
  anchor.setAttribute('aria-expanded', 'true');
  popup.addEventListener('keydown', (event) => {
    if (keyOf(event) === 'Tab') popup.hidePopover();
    if (moveByKey(popup, event)) event.stopPropagation();
  });
  popup.addEventListener('toggle', ({ newState }) => {
    if (newState !== 'closed') return;
    leave();
    anchor.setAttribute('aria-expanded', 'false');
    if (popup.contains(document.activeElement) || document.activeElement === document.body) anchor.focus();
    popup.remove();
  });
  itemsOf(popup)[0]?.focus();
  return () => popup.hidePopover();
}

function menuItem({ text, icon: iconName, danger, disabled, checked, href, keys, action }, close) {
  const role = checked === undefined ? 'menuitem' : 'menuitemradio';
  return el(href ? 'a' : 'button', {
    class: `menuItem${danger ? ' menuItem-danger' : ''}`, role, href, type: href ? undefined : 'button',
    'aria-disabled': disabled ? 'true' : undefined, 'aria-checked': checked === undefined ? undefined : String(checked),
    onclick: () => {
      if (disabled) return;
      close();
      action?.();
    },
  }, iconName && icon(iconName), el('span', { class: 'menuText', dir: 'auto' }, text), keys && el('kbd', { class: 'menuKeys' }, keys));
}

/** `<ui-menu>` around a button with `popovertarget` and its popover, which also work without this script. */
export default class extends Element {
  #leave = null;

  connected() {
    const popup = this.target('popup');
    this.listen(popup, 'toggle', ({ newState }) => (newState === 'open' ? this.#opened(popup) : this.#closed()));
    this.listen(popup, 'keydown', (event) => {
      if (keyOf(event) === 'Tab') popup.hidePopover();
      else moveByKey(popup, event);
    });
    this.listen(this.target('button'), 'keydown', (event) => {
      // The focus moves into the menu after it has opened.
      if (keyOf(event) === 'Tab') popup.hidePopover();
      if (!['ArrowDown', 'ArrowUp'].includes(keyOf(event))) return;
      event.preventDefault();
      popup.showPopover();
    });
    if (popup.matches(':popover-open')) this.#opened(popup);
  }

  disconnected() {
    this.#leave?.();
    this.#leave = null;
  }

  #opened(popup) {
    this.#leave?.();
    this.#leave = keepNear(this.target('button'), popup, this.dataset.placement);
    this.target('button').setAttribute('aria-expanded', 'true');
    itemsOf(popup)[0]?.focus();
  }

  #closed() {
    this.disconnected();
    this.target('button').setAttribute('aria-expanded', 'false');
    if (this.target('popup').contains(document.activeElement)) this.target('button').focus();
  }
}
