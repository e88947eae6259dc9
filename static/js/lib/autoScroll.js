/** Scrolls containers while a pointer is held near their edges, the faster the nearer. */

const EDGE = 56; // px from an edge at which scrolling begins
const FASTEST = 18; // px per frame at the very edge

export class AutoScroll {
  #frame = null;
  #x = 0;
  #y = 0;
  #across;
  #down;
  #scrolled;

  /**
   * @param {object} parts
   * @param {Element} parts.across scrolls sideways
   * @param {() => Element | null} parts.down what scrolls up and down under the pointer now
   * @param {() => void} parts.scrolled something moved under the resting pointer
   */
  constructor({ across, down, scrolled }) {
    this.#across = across;
    this.#down = down;
    this.#scrolled = scrolled;
  }

  /** The pointer is here now. */
  at(x, y) {
    this.#x = x;
    this.#y = y;
    this.#frame ??= requestAnimationFrame(() => this.#step());
  }

  /** No more scrolling. */
  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  #step() {
    const wide = this.#across.getBoundingClientRect();
    const sideways = speed(this.#x, wide.left, wide.right);
    const column = this.#down();
    const tall = column?.getBoundingClientRect();
    const upDown = column && this.#x >= tall.left && this.#x <= tall.right ? speed(this.#y, tall.top, tall.bottom) : 0;
    if (sideways) this.#across.scrollLeft += sideways;
    if (upDown) column.scrollTop += upDown;
    if (sideways || upDown) this.#scrolled();
    this.#frame = sideways || upDown ? requestAnimationFrame(() => this.#step()) : null;
  }
}

/** Pixels per frame for a pointer at `at` between two edges; negative towards the first. */
export function speed(at, first, last) {
  const edge = Math.min(EDGE, (last - first) / 4);
  if (at < first + edge) return -Math.ceil(FASTEST * Math.min(1, (first + edge - at) / edge));
  if (at > last - edge) return Math.ceil(FASTEST * Math.min(1, (at - last + edge) / edge));
  return 0;
}
