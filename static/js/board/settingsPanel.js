/**
 * The base class of a panel in the window of the project's settings: an element with `data-panel`, its name, and
 * `data-title` and `data-icon` of its tab. Its command, "open-details" for `<projects-details>`, opens the window at it.
 */
import { BoardDialog } from './boardDialog.js';

export class SettingsPanel extends BoardDialog {
  get dialog() {
    return this.closest('dialog');
  }

  get isOpen() {
    return !this.hidden && this.dialog.open;
  }

  /** Opens the window at this panel. */
  async open() {
    this.dialog.parentElement.show(this);
  }

  /** Called when the window has been closed while this panel was shown; `value` is that of the button. */
  closed() {}
}
