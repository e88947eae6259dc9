/**
 * `<auth-waiting>`: the page that waits for the code of a mail goes on by itself when the link of that mail was opened in
 * another tab or on another device, so that no one types a code that is used up.
 */
import { Element } from '../lib/element.js';

const INTERVAL_MS = 3000; // while the page is seen

export default class Waiting extends Element {
  #timer = null;

  connected() {
    this.listen(document, 'visibilitychange', () => this.#look());
    this.listen(window, 'focus', () => this.#look());
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
  }

  disconnected() {
    clearInterval(this.#timer);
  }

  async #look() {
    if (document.visibilityState !== 'visible') return;
    const answer = await fetch(location.href, { method: 'HEAD' }).catch(() => null);
    if (answer?.status === 404) location.replace(this.dataset.continue);
  }
}
