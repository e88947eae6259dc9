/**
 * `<accounts-waiting>`: the page that waits for the code of a mail goes on by itself when the link of that mail was opened in
 * another tab: a person who comes back to it is led on instead of typing a code that is used up.
 */
import { Element } from '../lib/element.js';

export default class Waiting extends Element {
  connected() {
    this.listen(document, 'visibilitychange', () => document.visibilityState === 'visible' && this.#look());
    this.listen(window, 'focus', () => this.#look());
  }

  async #look() {
    const answer = await fetch(location.href, { method: 'HEAD' }).catch(() => null);
    if (answer?.status === 404) location.replace(this.dataset.continue);
  }
}
