/** Virtualization: reports which lists are near the visible part of the board; the others are not drawn. */

// Half the board's width beyond both edges: scrolling reaches lists that are drawn already, and few cards are drawn
// (every drawn card costs time in each frame of a drag).
const MARGIN = '0px 50%';

export class VisibleLists {
  #observer;
  #near = new Set();
  #watched = new Set();

  /**
   * @param {Element} scroller scrolls sideways
   * @param {(element: Element, isNear: boolean) => void} changed
   */
  constructor(scroller, changed) {
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting === this.#near.has(target)) continue;
        if (isIntersecting) this.#near.add(target);
        else this.#near.delete(target);
        changed(target, isIntersecting);
      }
    }, { root: scroller, rootMargin: MARGIN });
  }

  /** Watches these elements and no others. */
  watch(elements) {
    const wanted = new Set(elements);
    for (const element of this.#watched) if (!wanted.has(element)) this.#unwatch(element);
    for (const element of wanted) {
      if (this.#watched.has(element)) continue;
      this.#watched.add(element);
      this.#observer.observe(element);
    }
  }

  has(element) {
    return this.#near.has(element);
  }

  stop() {
    this.#observer.disconnect();
  }

  #unwatch(element) {
    this.#observer.unobserve(element);
    this.#watched.delete(element);
    this.#near.delete(element);
  }
}
