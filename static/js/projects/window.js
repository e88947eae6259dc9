/**
 * What the windows of a project have in common. `<projects-details>` is opened by the wish "open-details", is filled
 * when it opens and follows the board while it is open.
 */
import { showDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { storeOf } from './store.js';

export class Window extends Element {
  connected() {
    this.store = storeOf(this);
    this.store.on(this.localName.replace(/^\w+-/, 'open-'), () => this.open(), this.signal);
    this.store.on('change', (change) => this.isOpen && this.follow(change), this.signal);
  }

  /** Shows what the window is about to show: called before it opens. */
  fill() {}

  /** The board has changed while the window is open. */
  follow() {}

  get isOpen() {
    return this.target('dialog').open;
  }

  /** Opens the window; done with the value of the button that closed it, "" if there was none. */
  async open() {
    if (this.isOpen) return '';
    this.fill();
    return showDialog(this.target('dialog'));
  }

  close() {
    this.target('dialog').close();
  }
}
