/**
 * `<ui-motion>` around a button that stops the page's animations and lets them go on. It is shown while something moves
 * by itself: never where the system asks for stillness, and not any more when all has come to its end.
 */
import { Element } from '../lib/element.js';

export default class Motion extends Element {
  connected() {
    const moving = document.getAnimations();
    this.#button.hidden = moving.length === 0;
    Promise.allSettled(moving.map(({ finished }) => finished)).then(() => { this.#button.hidden = true; });
  }

  toggle() {
    const isPaused = document.body.classList.toggle('motionPaused');
    this.#button.setAttribute('aria-pressed', String(isPaused));
  }

  get #button() {
    return this.target('button');
  }
}
