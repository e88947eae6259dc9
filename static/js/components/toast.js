/**
 * Toasts: short messages that disappear by themselves, with an action such as "Undo". Everything that a page says in
 * passing is one, so that messages are in one place and never lie on each other.
 */
import { el, icon } from '../lib/dom.js';
import { rememberPlace } from '../lib/focus.js';
import { t } from '../lib/i18n.js';

const SHOWN = 8000; // ms
const MOST = 3;

/**
 * Shows a message. It stays while the pointer or the focus is on it.
 *
 * @param {string} text
 * @param {object} [options]
 * @param {'info' | 'success' | 'warning' | 'danger'} [options.kind]
 * @param {string} [options.actionLabel] for instance "Undo"
 * @param {() => void} [options.onAction]
 * @returns {() => void} removes it
 */
export function toast(text, { kind = 'info', actionLabel, onAction } = {}) {
  const shown = new Toast(text, kind, actionLabel && { label: actionLabel, run: onAction });
  return () => shown.leave();
}

class Toast {
  #node;
  #timer = null;
  #heldBy = new Set();
  #cameFrom = null;

  constructor(text, kind, action) {
    this.#node = el('div', { class: `toast toast-${kind}`, role: kind === 'danger' ? 'alert' : 'status' },
      el('p', { class: 'toastText', dir: 'auto' }, text),
      action && el('button', { class: 'toastAction', type: 'button', onclick: () => this.#act(action) }, action.label),
      el('button', { class: 'toastClose', type: 'button', 'aria-label': t('ui.js.close'), onclick: () => this.leave() }, icon('close')));
    this.#node.addEventListener('focusin', ({ relatedTarget }) => {
      if (!this.#node.contains(relatedTarget)) this.#cameFrom = rememberPlace(relatedTarget ?? document.getElementById('content'));
    });
    this.#holdBetween('pointerenter', 'pointerleave');
    this.#holdBetween('focusin', 'focusout');
    this.#node.addEventListener('leave', () => this.leave());
    const region = place();
    region.append(this.#node);
    while (region.children.length > MOST) region.firstElementChild.dispatchEvent(new Event('leave'));
    this.#wait();
  }

  // The focus returns to where it was before.
  leave() {
    clearTimeout(this.#timer);
    const hadFocus = this.#node.contains(document.activeElement);
    this.#node.remove();
    if (hadFocus) this.#cameFrom?.()?.focus({ preventScroll: true });
  }

  #act(action) {
    this.leave();
    action.run();
  }

  // The time begins anew when neither the pointer nor the focus is on the message any more.
  #holdBetween(begin, end) {
    this.#node.addEventListener(begin, () => {
      this.#heldBy.add(begin);
      clearTimeout(this.#timer);
    });
    this.#node.addEventListener(end, () => {
      this.#heldBy.delete(begin);
      if (this.#heldBy.size === 0) this.#wait();
    });
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.leave(), SHOWN);
  }
}

let region = null;

// Everything but the topmost open dialog is inert, so toasts are shown inside it, as a popover in the top layer.
function place() {
  region ??= el('div', { class: 'toasts', popover: 'manual' });
  const dialogs = document.querySelectorAll('dialog:modal');
  const host = dialogs.item(dialogs.length - 1) ?? document.body;
  if (region.parentElement !== host) {
    host.append(region);
    if (host !== document.body) host.addEventListener('close', () => place(), { once: true });
  }
  if (region.matches(':popover-open')) region.hidePopover();
  region.showPopover();
  return region;
}
