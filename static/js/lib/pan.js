/**
 * Scrolls a container sideways by dragging its background with the mouse, or with the wheel over its background. Touch and
 * trackpads scroll natively.
 */

const LINE = 24; // px per line, for wheels that report lines

/**
 * @param {HTMLElement} scroller
 * @param {(target: Element) => boolean} isEmpty whether the target is background
 * @param {AbortSignal} signal ends it
 */
export function panSideways(scroller, isEmpty, signal) {
  let grip = null;
  const end = () => {
    grip = null;
    scroller.classList.remove('panned');
  };
  const listen = (type, listener, options = {}) => scroller.addEventListener(type, listener, { ...options, signal });
  listen('pointerdown', (event) => {
    if (event.pointerType !== 'mouse' || event.button !== 0 || event.ctrlKey || !isEmpty(event.target)) return;
    grip = { pointerId: event.pointerId, x: event.clientX, left: scroller.scrollLeft };
    scroller.setPointerCapture(event.pointerId);
  });
  listen('pointermove', (event) => {
    if (event.pointerId !== grip?.pointerId) return;
    // The release may have happened outside the window.
    if ((event.buttons & 1) === 0) return end();
    scroller.classList.add('panned');
    scroller.scrollLeft = grip.left - (event.clientX - grip.x);
    return undefined;
  });
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture', 'contextmenu']) listen(type, end);
  listen('wheel', (event) => {
    if (event.ctrlKey || event.deltaX !== 0 || event.deltaY === 0 || !isEmpty(event.target)) return;
    const before = scroller.scrollLeft;
    scroller.scrollLeft += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE : event.deltaY;
    if (scroller.scrollLeft !== before) event.preventDefault();
  }, { passive: false });
}
