/**
 * Recognises a drag by mouse (after a few pixels) or by touch (after a hold, so that a swipe still scrolls), moves a
 * drag preview with the pointer, and calls the handlers. What a drag means is up to the caller.
 */
import { inertCopy } from './flip.js';
import { keyOf } from './keys.js';

const MOUSE_DISTANCE = 5; // px before a pressed mouse drags
const TOUCH_HOLD = 250; // ms a finger rests before it drags
const TOUCH_SLACK = 8; // px a resting finger may tremble
const MAIN_BUTTON = 1; // in `buttons`

/**
 * @param {HTMLElement} root where drags begin
 * @param {object} handlers
 * @param {(target: Element) => HTMLElement | null} handlers.pick what a press on `target` would drag
 * @param {(item: HTMLElement, preview: HTMLElement) => void} handlers.onStart the preview follows the pointer
 * @param {(x: number, y: number) => void} handlers.onMove
 * @param {(box: DOMRect) => void} handlers.onDrop `box` is where the preview was
 * @param {() => void} handlers.onCancel Escape, a second finger, a context menu, a release outside the window or no
 *   release at all, or a pointer that the system cancelled
 * @returns {() => void} stops listening
 */
export function pointerDrag(root, handlers) {
  const drag = new PointerDrag(root, handlers);
  const listeners = new AbortController();
  const options = { signal: listeners.signal };
  root.addEventListener('pointerdown', (event) => drag.press(event), options);
  // Not passive, and registered before the drag begins: otherwise the browser starts to scroll.
  root.addEventListener('touchmove', (event) => drag.isDragging && event.preventDefault(), { ...options, passive: false });
  root.addEventListener('dragstart', (event) => drag.isPressed && event.preventDefault(), options);
  root.addEventListener('contextmenu', (event) => drag.contextMenu(event), options);
  return () => {
    drag.cancel();
    listeners.abort();
  };
}

class PointerDrag {
  #root;
  #handlers;
  #item = null;
  #press = null;
  #dragged = null;
  #timer = null;
  #during = null;

  constructor(root, handlers) {
    this.#root = root;
    this.#handlers = handlers;
  }

  get isPressed() {
    return this.#press !== null;
  }

  get isDragging() {
    return this.#dragged !== null;
  }

  get isTouch() {
    return this.#press?.pointerType === 'touch';
  }

  press(event) {
    if (this.isPressed) {
      this.cancel();
      return;
    }
    const item = event.button === 0 && event.isPrimary ? this.#handlers.pick(event.target) : null;
    if (!item) return;
    this.#item = item;
    this.#press = event;
    if (this.isTouch) this.#timer = setTimeout(() => this.#start(event), TOUCH_HOLD);
    this.#listen();
  }

  cancel() {
    if (!this.isPressed) return;
    const dragging = this.isDragging;
    this.#end();
    if (dragging) this.#handlers.onCancel();
  }

  #listen() {
    this.#during = new AbortController();
    const options = { signal: this.#during.signal };
    addEventListener('pointermove', (event) => this.#move(event), options);
    addEventListener('pointerup', (event) => this.#release(event), options);
    for (const type of ['pointercancel', 'lostpointercapture']) addEventListener(type, (event) => this.#isOurs(event) && this.cancel(), options);
    addEventListener('blur', () => this.cancel(), options);
    document.addEventListener('visibilitychange', () => this.cancel(), options);
    addEventListener('keydown', (event) => this.#key(event), { ...options, capture: true });
  }

  /** A long press of a finger drags; any other way to open the menu ends the press, such as Ctrl and a click on a Mac. */
  contextMenu(event) {
    if (!this.isPressed) return;
    if (this.isTouch) event.preventDefault();
    else this.cancel();
  }

  #isOurs({ pointerId }) {
    return pointerId === this.#press.pointerId;
  }

  #move(event) {
    if (!this.#isOurs(event)) return;
    // Another window, or no window, got the release: the next release must not drop this item.
    if (!this.isTouch && !(event.buttons & MAIN_BUTTON)) {
      this.cancel();
      return;
    }
    const far = Math.hypot(event.clientX - this.#press.clientX, event.clientY - this.#press.clientY);
    if (this.isDragging) this.#drag(event);
    else if (this.isTouch && far > TOUCH_SLACK) this.#end();
    else if (!this.isTouch && far > MOUSE_DISTANCE) this.#start(event);
  }

  #start(event) {
    const box = this.#item.getBoundingClientRect();
    const preview = previewOf(this.#item);
    preview.style.inlineSize = `${box.width}px`;
    preview.style.blockSize = `${Math.min(box.height, innerHeight * 0.8)}px`;
    document.body.append(preview);
    this.#capture();
    this.#dragged = { preview, left: box.left - this.#press.clientX, top: box.top - this.#press.clientY };
    document.documentElement.classList.add('dragActive');
    if (this.isTouch) navigator.vibrate?.(10);
    this.#handlers.onStart(this.#item, preview);
    this.#drag(event);
  }

  // Then a release anywhere is reported here, also over a frame or outside the window.
  #capture() {
    try {
      this.#root.setPointerCapture(this.#press.pointerId);
    } catch {
      // The pointer has just ended: its last event follows.
    }
  }

  #drag({ clientX, clientY }) {
    const { preview, left, top } = this.#dragged;
    preview.style.transform = `translate(${clientX + left}px, ${clientY + top}px) rotate(2deg)`;
    this.#handlers.onMove(clientX, clientY);
  }

  #release(event) {
    if (!this.#isOurs(event)) return;
    const dragging = this.isDragging;
    const box = this.#dragged?.preview.getBoundingClientRect();
    this.#end();
    if (!dragging) return;
    // A drag is followed by a click, which is not intended.
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', swallow, { capture: true }), 50);
    if (isInWindow(event)) this.#handlers.onDrop(box);
    else this.#handlers.onCancel();
  }

  #key(event) {
    if (keyOf(event) !== 'Escape' || !this.isDragging) return;
    event.preventDefault();
    event.stopPropagation();
    this.cancel();
  }

  #end() {
    clearTimeout(this.#timer);
    this.#during.abort();
    this.#dragged?.preview.remove();
    this.#dragged = this.#press = this.#item = null;
    document.documentElement.classList.remove('dragActive');
  }
}

// Outside the window no drop target is visible.
function isInWindow({ clientX, clientY }) {
  return clientX >= 0 && clientY >= 0 && clientX < innerWidth && clientY < innerHeight;
}

// Looks like the item but is inert.
function previewOf(item) {
  const preview = inertCopy(item);
  preview.classList.add('dragPreview');
  return preview;
}
