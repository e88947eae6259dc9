/**
 * Auto-scroll during a drag: scrolls a container while the pointer is near its edge, faster the nearer it is. Sideways it
 * can scroll page by page, where a page fills the screen.
 */

import { prefersReducedMotion } from './timing.js';

const EDGE = 56; // px from an edge at which scrolling begins
const FASTEST = 18; // px per frame at the very edge
const FIRST_TURN = 300; // ms at the edge before the first page scrolls: passing the edge scrolls none
const NEXT_TURN = 1000; // ms until the next page

export class AutoScroll {
  #frame = null;
  #x = 0;
  #y = 0;
  #across;
  #down;
  #scrolled;
  #page;
  #turnAt = null;

  /**
   * @param {object} parts
   * @param {Element} parts.across scrolls sideways
   * @param {() => Element | null} parts.down the container under the pointer that scrolls vertically
   * @param {() => void} parts.scrolled called after a scroll: another element may be under the pointer
   * @param {number} [parts.page] px from one page to the next, 0 for none
   */
  constructor({ across, down, scrolled, page = 0 }) {
    this.#across = across;
    this.#down = down;
    this.#scrolled = scrolled;
    this.#page = page;
  }

  /** Sets the position of the pointer. */
  at(x, y) {
    this.#x = x;
    this.#y = y;
    this.#frame ??= requestAnimationFrame(() => this.#step());
  }

  /** Stops scrolling. */
  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  #step() {
    const sideways = this.#goSideways();
    const upDown = this.#goUpOrDown();
    if (sideways || upDown) this.#scrolled();
    this.#frame = sideways || upDown ? requestAnimationFrame(() => this.#step()) : null;
  }

  #goSideways() {
    const wide = this.#across.getBoundingClientRect();
    const pixels = speed(this.#x, wide.left, wide.right);
    if (this.#page > 0) this.#turn(Math.sign(pixels));
    else if (pixels) this.#across.scrollLeft += pixels;
    return pixels !== 0;
  }

  #turn(direction) {
    const now = performance.now();
    if (direction === 0) this.#turnAt = null;
    else if (now >= (this.#turnAt ??= now + FIRST_TURN)) {
      this.#across.scrollBy({ left: direction * this.#page, behavior: prefersReducedMotion() ? 'auto' : 'smooth' });
      this.#turnAt = now + NEXT_TURN;
    }
  }

  #goUpOrDown() {
    const column = this.#down();
    const tall = column?.getBoundingClientRect();
    const pixels = column && this.#x >= tall.left && this.#x <= tall.right ? speed(this.#y, tall.top, tall.bottom) : 0;
    if (pixels) column.scrollTop += pixels;
    return pixels !== 0;
  }
}

/** Pixels per frame for a pointer at `at` between two edges; negative towards the first. */
export function speed(at, first, last) {
  const edge = Math.min(EDGE, (last - first) / 4);
  if (at < first + edge) return -Math.ceil(FASTEST * Math.min(1, (first + edge - at) / edge));
  if (at > last - edge) return Math.ceil(FASTEST * Math.min(1, (at - last + edge) / edge));
  return 0;
}
