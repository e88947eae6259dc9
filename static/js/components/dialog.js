/**
 * Dialogs on the native `<dialog>`: the focus is trapped inside and restored afterwards. Escape and a click outside close
 * the dialog, after a confirmation if something was typed. On phones a dialog is a bottom sheet (dialog.css).
 */
import { el, icon, uniqueId } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { isFocusLost, rememberPlace } from '../lib/focus.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';

/**
 * Opens a dialog of the page; resolves when it has closed.
 *
 * @param {HTMLDialogElement} dialog
 * @param {object} [options]
 * @param {boolean} [options.closable] false: only its buttons close it
 * @returns {Promise<string>} the dialog's return value, "" without one
 */
export function showDialog(dialog, { closable = true } = {}) {
  const listeners = new AbortController();
  const { signal } = listeners;
  const opener = rememberPlace(document.activeElement);
  dialog.returnValue = '';
  dialog.showModal();
  const typed = typedText(dialog);
  const leave = async () => {
    if (closable && (typedText(dialog) === typed || await mayDiscard()) && dialog.open) dialog.close();
  };
  closeByKey(dialog, leave, signal);
  closeByClickOutside(dialog, leave, signal);
  dialog.addEventListener('click', ({ target }) => target.closest('[data-close]')?.closest('dialog') === dialog && dialog.close(target.closest('[data-close]').value ?? ''), { signal });
  return new Promise((resolve) => {
    dialog.addEventListener('close', (event) => {
      if (event.target !== dialog) return;
      listeners.abort();
      if (isFocusLost()) opener()?.focus();
      resolve(dialog.returnValue);
    }, { signal });
  });
}

function closeByKey(dialog, leave, signal) {
  // An element inside that uses Escape prevents the default.
  dialog.addEventListener('keydown', (event) => {
    if (keyOf(event) !== 'Escape' || event.defaultPrevented || event.target.closest?.(':popover-open')) return;
    if (dialog.querySelector(':popover-open:not(.toasts)')) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  }, { signal });
  dialog.addEventListener('cancel', (event) => { // the back gesture
    if (event.target !== dialog) return;
    event.preventDefault();
    leave();
  }, { signal });
}

function closeByClickOutside(dialog, leave, signal) {
  let pressedOutside = false; // a text selection that ends outside is no click outside
  dialog.addEventListener('pointerdown', (event) => {
    pressedOutside = isOutside(dialog, event);
  }, { signal });
  dialog.addEventListener('click', (event) => {
    if (pressedOutside && isOutside(dialog, event)) leave();
    pressedOutside = false;
  }, { signal });
}

// The target of a click on the backdrop is the dialog, outside its box.
function isOutside(dialog, event) {
  if (event.target !== dialog) return false;
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function typedText(dialog) {
  const fields = dialog.querySelectorAll('textarea:not([data-unguarded]), input:not([type="hidden"], [type="radio"], [type="checkbox"], [type="search"], [data-unguarded])');
  return JSON.stringify([...fields].map((field) => field.value));
}

function mayDiscard() {
  return confirmDialog({
    title: t('ui.js.discard.title'), text: t('ui.js.discard.text'), main: t('ui.js.discard.main'), danger: true, cancel: t('ui.js.discard.cancel'),
  });
}

/**
 * Creates a dialog, opens it, and removes it when it has closed.
 *
 * @param {object} content
 * @param {string} content.title
 * @param {(Node | string)[]} content.body
 * @param {Node[]} content.buttons in the order Main, Additional, Cancel
 * @param {boolean} [content.closable]
 * @param {'alertdialog'} [content.role]
 * @returns {{ dialog: HTMLDialogElement, closed: Promise<string> }}
 */
export function openDialog({ title, body, buttons, closable = true, role }) {
  const titleId = uniqueId('dialogTitle');
  const dialog = el('dialog', { class: 'dialog', role, 'aria-labelledby': titleId },
    el('header', { class: 'dialogHead' },
      el('h2', { class: 'dialogTitle', id: titleId, dir: 'auto' }, title),
      closable && closeButton()),
    el('div', { class: 'dialogBody' }, ...body),
    el('footer', { class: 'dialogFoot' }, ...buttons));
  document.body.append(dialog);
  return { dialog, closed: showDialog(dialog, { closable }).finally(() => dialog.remove()) };
}

function closeButton() {
  return el('button', { class: 'btn btn-quiet btn-icon dialogClose', type: 'button', 'data-close': '', 'aria-label': t('ui.js.close') }, icon('close'));
}

/** A button for openDialog that closes with a value. */
export function dialogButton(text, value, kind = '') {
  return el('button', { class: `btn ${kind}`.trim(), type: 'button', value, 'data-close': '' }, text);
}

/**
 * Asks for a confirmation.
 *
 * @param {object} question
 * @param {string} question.title for instance: Delete list "Ideas"?
 * @param {string} question.text what will happen
 * @param {string} question.main the verb on the main button
 * @param {boolean} [question.danger] what is done cannot be undone
 * @param {string} [question.cancel]
 * @returns {Promise<boolean>} true only if the main button was chosen
 */
export async function confirmDialog({ title, text, main, danger = false, cancel = t('ui.js.cancel') }) {
  const mainButton = dialogButton(main, 'main', danger ? 'btn-danger' : 'btn-primaryAction');
  const cancelButton = dialogButton(cancel, '');
  (danger ? cancelButton : mainButton).autofocus = true; // Enter by reflex must not destroy anything
  const { closed } = openDialog({ title, body: [el('p', { dir: 'auto' }, text)], buttons: [mainButton, cancelButton], role: 'alertdialog' });
  return await closed === 'main';
}

/** `<ui-dialog>` around a button and a `<dialog data-target="dialog">` that the server has rendered. */
export default class extends Element {
  open() {
    const dialog = this.target('dialog');
    if (!dialog.open) showDialog(dialog, { closable: dialog.dataset.closable !== 'false' });
  }

  close() {
    this.target('dialog').close();
  }
}
