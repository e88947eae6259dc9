/**
 * Recognises a drag by mouse (after a few pixels) or by touch (after a hold, so that a swipe still scrolls), carries
 * a picture of the element under the pointer, and reports. What a drag means is the caller's business.
 */
import { keyOf } from './keys.js';

const MOUSE_DISTANCE = 5; // px before a pressed mouse drags
const TOUCH_HOLD = 250; // ms a finger rests before it drags
const TOUCH_SLACK = 8; // px a resting finger may tremble
const MAIN_BUTTON = 1; // in `buttons`

/**
 * @param {HTMLElement} root where drags begin
 * @param {object} wishes
 * @param {(target: Element) => HTMLElement | null} wishes.pick what a press on `target` would drag
 * @param {(item: HTMLElement, picture: HTMLElement) => void} wishes.onStart the picture is what is carried
 * @param {(x: number, y: number) => void} wishes.onMove
 * @param {() => void} wishes.onDrop
 * @param {() => void} wishes.onCancel Escape, a second finger, a context menu, a release outside the window or one that
 *   never came, or the system took the pointer away
 * @returns {() => void} stops listening
 */
export function pointerDrag(root, wishes) {
  const drag = new PointerDrag(root, wishes);
  const listeners = new AbortController();
  const options = { signal: listeners.signal };
  root.addEventListener('pointerdown', (event) => drag.press(event), options);
  // Not passive, and there from the start: otherwise the browser may scroll before it can be told not to.
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
  #wishes;
  #item = null;
  #press = null;
  #carried = null;
  #timer = null;
  #during = null;

  constructor(root, wishes) {
    this.#root = root;
    this.#wishes = wishes;
  }

  get isPressed() {
    return this.#press !== null;
  }

  get isDragging() {
    return this.#carried !== null;
  }

  get isTouch() {
    return this.#press?.pointerType === 'touch';
  }

  press(event) {
    if (this.isPressed) {
      this.cancel();
      return;
    }
    const item = event.button === 0 && event.isPrimary ? this.#wishes.pick(event.target) : null;
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
    if (dragging) this.#wishes.onCancel();
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

  /** A long press of a finger drags; any other way to the menu ends the press, as Ctrl and a click on a Mac. */
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
    // The release went to another window, or to nobody: the next one would drop what nobody holds any more.
    if (!this.isTouch && !(event.buttons & MAIN_BUTTON)) {
      this.cancel();
      return;
    }
    const far = Math.hypot(event.clientX - this.#press.clientX, event.clientY - this.#press.clientY);
    if (this.isDragging) this.#carry(event);
    else if (this.isTouch && far > TOUCH_SLACK) this.#end();
    else if (!this.isTouch && far > MOUSE_DISTANCE) this.#start(event);
  }

  #start(event) {
    const box = this.#item.getBoundingClientRect();
    const picture = pictureOf(this.#item);
    picture.style.inlineSize = `${box.width}px`;
    picture.style.blockSize = `${Math.min(box.height, innerHeight * 0.8)}px`;
    document.body.append(picture);
    this.#capture();
    this.#carried = { picture, left: box.left - this.#press.clientX, top: box.top - this.#press.clientY };
    document.documentElement.classList.add('dragGoesOn');
    if (this.isTouch) navigator.vibrate?.(10);
    this.#wishes.onStart(this.#item, picture);
    this.#carry(event);
  }

  // So that a release anywhere, also over a frame or outside the window, is told to us.
  #capture() {
    try {
      this.#root.setPointerCapture(this.#press.pointerId);
    } catch {
      // The pointer has just gone: its end is on its way.
    }
  }

  #carry({ clientX, clientY }) {
    const { picture, left, top } = this.#carried;
    picture.style.transform = `translate(${clientX + left}px, ${clientY + top}px) rotate(2deg)`;
    this.#wishes.onMove(clientX, clientY);
  }

  #release(event) {
    if (!this.#isOurs(event)) return;
    const dragging = this.isDragging;
    this.#end();
    if (!dragging) return;
    // The click that follows a drag is not meant.
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', swallow, { capture: true }), 50);
    if (isInWindow(event)) this.#wishes.onDrop();
    else this.#wishes.onCancel();
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
    this.#carried?.picture.remove();
    this.#carried = this.#press = this.#item = null;
    document.documentElement.classList.remove('dragGoesOn');
  }
}

// Who lets go outside sees no place where it would land.
function isInWindow({ clientX, clientY }) {
  return clientX >= 0 && clientY >= 0 && clientX < innerWidth && clientY < innerHeight;
}

// Looks like the item, does nothing and bears no name: no custom element wakes up in it, no id is there twice.
function pictureOf(item) {
  const picture = item.cloneNode(true);
  for (const node of [picture, ...picture.querySelectorAll('*')]) {
    node.removeAttribute('id');
    if (node.localName.includes('-')) node.replaceWith(plain(node));
  }
  picture.inert = true;
  picture.classList.add('dragPicture');
  return picture;
}

function plain(node) {
  const box = document.createElement('div');
  box.className = node.className;
  box.append(...node.childNodes);
  return box;
}
