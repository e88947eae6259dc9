/**
 * `<ui-motion>` around a button that pauses and resumes the page's animations. It is shown while an animation runs, and
 * never if the system is set to reduced motion.
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
