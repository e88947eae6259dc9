/**
 * `<search-bar>`: the search in the header. With scripts it is a button that opens the palette; `/` and Ctrl+K do so on
 * every page. Without scripts it is a form.
 */
import { Element } from '../lib/element.js';
import { isCommand, isTyping, keyOf } from '../lib/keys.js';
import { letterKeysAreOn } from '../lib/letterKeys.js';

export default class Bar extends Element {
  #palette = null;

  connected() {
    // On the window, so that a page may use the keys for something of its own.
    this.listen(window, 'keydown', (event) => this.#key(event));
  }

  disconnected() {
    this.#palette?.remove();
    this.#palette = null;
  }

  async open() {
    if (!this.#palette) {
      this.#palette = document.createElement('search-palette');
      document.body.append(this.#palette);
    }
    const palette = this.#palette;
    await customElements.whenDefined('search-palette');
    if (palette.isConnected) palette.open(this.target('commands'));
  }

  #key(event) {
    if (event.defaultPrevented || !this.checkVisibility() || !(opens(event) || this.#isSlash(event))) return;
    event.preventDefault();
    this.open();
  }

  #isSlash(event) {
    return keyOf(event) === '/' && letterKeysAreOn() && !isCommand(event) && !isTyping(event.target) && !document.querySelector('dialog:modal');
  }
}

// Ctrl+K, on a Mac Cmd+K.
function opens(event) {
  return keyOf(event).toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
}
