import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { pointerDrag } from './pointerDrag.js';

// As much of a browser as a drag needs: a window and a document that dispatch events, and elements without layout.
class Node extends EventTarget {
  style = {};
  classList = { add() {}, remove() {} };
  localName = 'li';
  captured = [];

  getBoundingClientRect() {
    return { left: 10, top: 10, width: 100, height: 40 };
  }

  cloneNode() {
    return new Node();
  }

  querySelectorAll() {
    return [];
  }

  removeAttribute() {}
  append() {}
  remove() {}

  setPointerCapture(id) {
    this.captured.push(id);
  }
}

let win;
let root;
let item;
let calls;
let stop;

beforeEach(() => {
  win = new EventTarget();
  const document = Object.assign(new EventTarget(), { body: new Node(), documentElement: new Node() });
  Object.assign(globalThis, {
    addEventListener: win.addEventListener.bind(win), removeEventListener: win.removeEventListener.bind(win), document, innerWidth: 800, innerHeight: 600,
  });
  globalThis.navigator ??= {}; // Node 20 has none
  root = new Node();
  item = new Node();
  calls = [];
  stop = pointerDrag(root, {
    pick: () => item, onStart: () => calls.push('start'), onMove: (x, y) => calls.push(`${x},${y}`), onDrop: () => calls.push('drop'), onCancel: () => calls.push('cancel'),
  });
});

afterEach(() => stop());

function pointer(type, clientX, clientY, more = {}) {
  const event = Object.assign(new Event(type, { cancelable: true }), {
    clientX, clientY, button: 0, buttons: type === 'pointerup' ? 0 : 1, isPrimary: true, pointerId: 1, pointerType: 'mouse', ...more,
  });
  (type === 'pointerdown' || type === 'contextmenu' ? root : win).dispatchEvent(event);
  return event;
}

function drag() {
  pointer('pointerdown', 20, 20);
  pointer('pointermove', 40, 20);
}

test('a pressed mouse drags after 5 px, and drops where it is released', () => {
  pointer('pointerdown', 20, 20);
  pointer('pointermove', 24, 20);
  assert.deepEqual(calls, []);
  pointer('pointermove', 26, 20);
  pointer('pointermove', 200, 100);
  pointer('pointerup', 200, 100);
  assert.deepEqual(calls, ['start', '26,20', '200,100', 'drop']);
  assert.deepEqual(root.captured, [1]);
});

const badEnds = {
  'a release that went to another window: the pointer comes back without a button': () => pointer('pointermove', 300, 100, { buttons: 0 }),
  'only another button is still held': () => pointer('pointermove', 300, 100, { buttons: 2 }),
  'a context menu, as Ctrl and a click on a Mac': () => pointer('contextmenu', 40, 20, { ctrlKey: true }),
  'the system takes the pointer': () => pointer('pointercancel', 40, 20),
  'the capture is lost': () => pointer('lostpointercapture', 40, 20),
  'the window loses the focus': () => win.dispatchEvent(new Event('blur')),
  'the page is hidden': () => globalThis.document.dispatchEvent(new Event('visibilitychange')),
  'a second finger or button': () => pointer('pointerdown', 60, 60),
  Escape: () => win.dispatchEvent(Object.assign(new Event('keydown', { cancelable: true }), { key: 'Escape' })),
  'a release left of the window': () => pointer('pointerup', -1, 100),
  'a release above the window': () => pointer('pointerup', 100, -1),
  'a release right of the window': () => pointer('pointerup', 800, 100),
  'a release below the window': () => pointer('pointerup', 100, 600),
};

for (const [why, happen] of Object.entries(badEnds)) {
  test(`a drag is cancelled, and the next release drops nothing: ${why}`, () => {
    drag();
    happen();
    assert.deepEqual(calls, ['start', '40,20', 'cancel']);
    pointer('pointermove', 300, 100, { buttons: 0 });
    pointer('pointerup', 300, 100);
    assert.deepEqual(calls, ['start', '40,20', 'cancel']);
  });
}

test('another pointer does not affect the drag', () => {
  drag();
  for (const type of ['pointercancel', 'lostpointercapture', 'pointerup']) pointer(type, 40, 20, { pointerId: 2 });
  pointer('pointermove', 300, 100, { pointerId: 2, buttons: 0 });
  pointer('pointerup', 40, 20);
  assert.deepEqual(calls, ['start', '40,20', 'drop']);
});

test('a press that opens the menu never becomes a drag', () => {
  pointer('pointerdown', 20, 20, { ctrlKey: true });
  assert.equal(pointer('contextmenu', 20, 20).defaultPrevented, false);
  pointer('pointermove', 60, 60);
  pointer('pointerup', 60, 60);
  assert.deepEqual(calls, []);
});

test('a touch drags after 250 ms, suppresses the context menu, and has no buttons', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const finger = { pointerType: 'touch' };
  pointer('pointerdown', 20, 20, finger);
  t.mock.timers.tick(249);
  assert.deepEqual(calls, []);
  t.mock.timers.tick(1);
  assert.equal(pointer('contextmenu', 20, 20, finger).defaultPrevented, true);
  pointer('pointermove', 60, 60, { ...finger, buttons: 0 });
  pointer('pointerup', 60, 60, finger);
  assert.deepEqual(calls, ['start', '20,20', '60,60', 'drop']);
});

test('a touch that moves more than 8 px before then scrolls', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const finger = { pointerType: 'touch' };
  pointer('pointerdown', 20, 20, finger);
  pointer('pointermove', 20, 29, finger);
  t.mock.timers.tick(1000);
  pointer('pointerup', 20, 29, finger);
  assert.deepEqual(calls, []);
});
