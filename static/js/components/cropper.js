/** The dialog that crops a picture to a square: by mouse, touch, wheel or keys. */
import { el } from '../lib/dom.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { CropFrame } from './cropFrame.js';
import { openDialog } from './dialog.js';

const SHOWN = 280; // px
const RESULT = 560; // px: twice the stored size, for the scaling on the server
const STEP = 0.04; // of the square, per arrow key

/**
 * @param {Blob} file
 * @param {{ title: string, picture: string, description: string, zoom: string, main: string, cancel: string }} texts
 * @returns {Promise<Blob | null>} a PNG; null if cancelled. Rejects if the browser cannot read the file.
 */
export async function cropPicture(file, texts) {
  const picture = await createImageBitmap(file);
  try {
    const cropper = new Cropper(picture, texts);
    return await cropper.choose(texts) === 'main' ? await cropper.result() : null;
  } finally {
    picture.close();
  }
}

class Cropper {
  #picture;
  #frame;
  #canvas;
  #zoom;
  #fingers = new Map();

  constructor(picture, texts) {
    this.#picture = picture;
    this.#frame = new CropFrame(picture.width, picture.height);
    const size = SHOWN * Math.min(window.devicePixelRatio, 2);
    this.#canvas = el('canvas', {
      class: 'cropperPicture', width: size, height: size, tabindex: 0, role: 'application', 'aria-label': texts.picture, 'aria-describedby': 'cropperText',
      onpointerdown: (event) => this.#press(event), onpointermove: (event) => this.#drag(event),
      onpointerup: (event) => this.#release(event), onpointercancel: (event) => this.#release(event), onlostpointercapture: (event) => this.#release(event),
      onkeydown: (event) => this.#key(event),
    });
    this.#canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.#zoom = el('input', {
      class: 'cropperZoom', type: 'range', min: 1, max: 8, step: 0.05, value: 1, id: 'cropperZoom', oninput: () => this.#zoomTo(Number(this.#zoom.value)),
    });
    this.#draw();
  }

  choose(texts) {
    const { dialog, closed } = openDialog({
      title: texts.title,
      body: [
        el('p', { class: 'muted', id: 'cropperText' }, texts.description),
        el('div', { class: 'cropper' }, this.#canvas, el('label', { class: 'fieldLabel', for: 'cropperZoom' }, texts.zoom), this.#zoom),
      ],
      buttons: [
        el('button', { class: 'btn btn-primaryAction', type: 'button', onclick: () => dialog.close('main') }, texts.main),
        el('button', { class: 'btn', type: 'button', onclick: () => dialog.close() }, texts.cancel),
      ],
    });
    this.#canvas.focus();
    return closed;
  }

  result() {
    const canvas = el('canvas', { width: RESULT, height: RESULT });
    this.#drawOn(canvas);
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/png');
    });
  }

  #draw() {
    this.#drawOn(this.#canvas);
  }

  #drawOn(canvas) {
    const context = canvas.getContext('2d');
    const { x, y, side } = this.#frame.square;
    context.imageSmoothingQuality = 'high';
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.#picture, x, y, side, side, 0, 0, canvas.width, canvas.height);
  }

  #press(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, this.#placeOf(event));
  }

  #release({ pointerId }) {
    this.#fingers.delete(pointerId);
  }

  // One pointer moves the picture; two also zoom it by their distance.
  #drag(event) {
    if (event.buttons === 0) this.#release(event); // the release happened outside the window
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#placeOf(event);
    const share = 1 / this.#fingers.size;
    this.#frame.move((before.x - now.x) * share, (before.y - now.y) * share);
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    if (other) this.#zoomTo(this.#frame.zoom * distance(other, now) / Math.max(distance(other, before), 0.01), (other.x + now.x) / 2, (other.y + now.y) / 2);
    else this.#draw();
  }

  // The position in the shown square, in shares of its size.
  #placeOf({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
  }

  #wheel(event) {
    event.preventDefault();
    const { x, y } = this.#placeOf(event);
    this.#zoomTo(this.#frame.zoom * 1.0015 ** -event.deltaY, x, y);
  }

  #key(event) {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const factors = { '+': 1.1, '=': 1.1, '-': 1 / 1.1 };
    const key = keyOf(event);
    if (isCommand(event) || !(moves[key] || factors[key])) return;
    event.preventDefault();
    if (moves[key]) this.#frame.move(...moves[key]);
    else this.#zoomTo(this.#frame.zoom * factors[key]);
    this.#draw();
  }

  #zoomTo(zoom, atX, atY) {
    this.#frame.zoomTo(zoom, atX, atY);
    this.#zoom.value = this.#frame.zoom;
    this.#draw();
  }
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
