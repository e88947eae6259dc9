/** Short messages in a corner that leave by themselves: feedback on what was just done, with a way back if there is one. */
import { el, icon } from '../lib/dom.js';
import { rememberPlace } from '../lib/focus.js';
import { t } from '../lib/i18n.js';

const SHOWN = 6000; // ms
const SHOWN_WITH_ACTION = 8000;
const MOST = 3;

/**
 * Shows a message. It stays while the pointer or the focus is on it.
 *
 * @param {string} text
 * @param {object} [options]
 * @param {'info' | 'success' | 'warning' | 'danger'} [options.kind]
 * @param {string} [options.actionLabel] for instance "Undo"
 * @param {() => void} [options.onAction]
 * @returns {() => void} takes it away
 */
export function toast(text, { kind = 'info', actionLabel, onAction } = {}) {
  const shown = new Toast(text, kind, actionLabel && { label: actionLabel, run: onAction });
  return () => shown.leave();
}

class Toast {
  #node;
  #timer = null;
  #time;
  #cameFrom = null;

  constructor(text, kind, action) {
    this.#time = action ? SHOWN_WITH_ACTION : SHOWN;
    this.#node = el('div', { class: `toast toast-${kind}`, role: kind === 'danger' ? 'alert' : 'status' },
      el('p', { class: 'toastText', dir: 'auto' }, text),
      action && el('button', { class: 'toastAction', type: 'button', onclick: () => this.#act(action) }, action.label),
      el('button', { class: 'toastClose', type: 'button', 'aria-label': t('ui.js.close'), onclick: () => this.leave() }, icon('close')));
    this.#node.addEventListener('focusin', ({ relatedTarget }) => {
      if (!this.#node.contains(relatedTarget)) this.#cameFrom = rememberPlace(relatedTarget ?? document.getElementById('content'));
    });
    for (const type of ['pointerenter', 'focusin']) this.#node.addEventListener(type, () => clearTimeout(this.#timer));
    for (const type of ['pointerleave', 'focusout']) this.#node.addEventListener(type, () => this.#wait());
    this.#node.addEventListener('leave', () => this.leave());
    const region = place();
    region.append(this.#node);
    while (region.children.length > MOST) region.firstElementChild.dispatchEvent(new Event('leave'));
    this.#wait();
  }

  // The focus goes back to where it was before it came here.
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

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.leave(), this.#time);
  }
}

let region = null;

// All but the topmost open dialog is inert, so the messages are shown inside it, and above it: a popover is in the top layer.
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
