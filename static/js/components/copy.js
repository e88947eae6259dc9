/** `<ui-copy>`: a text in a field, and a button that copies it. */
import { copyText } from '../lib/clipboard.js';
import { Element } from '../lib/element.js';

const DONE_SHOWN = 2000; // ms

export default class Copy extends Element {
  #timer = null;

  disconnected() {
    clearTimeout(this.#timer);
  }

  async copy() {
    const field = this.target('text');
    field.select();
    // The selection stays, to be copied by hand where scripts may not.
    if (!await copyText(field.value)) return;
    const button = this.target('button');
    button.dataset.label ??= button.textContent;
    button.textContent = this.dataset.done;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { button.textContent = button.dataset.label; }, DONE_SHOWN);
  }
}
