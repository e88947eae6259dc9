/** el() against a page that notes what is done to it, and that refuses to read markup. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { el, icon, uniqueId } from './dom.js';

const hostile = 'javascript:x//"\'><img src=x onerror=alert(1)></script>{{x}}';

/** An element that knows texts and elements as children, and throws at every way to insert markup. */
class FakeElement {
  attributes = {};
  dataset = {};
  children = [];
  listeners = {};

  constructor(tag) {
    this.tag = tag;
    for (const property of ['innerHTML', 'outerHTML']) {
      Object.defineProperty(this, property, { get: () => '', set: () => { throw new Error(`${property} reads markup`); } });
    }
  }

  append(...nodes) {
    for (const node of nodes) assert.ok(typeof node === 'string' || typeof node === 'number' || node instanceof FakeElement, `not a text, not an element: ${node}`);
    this.children.push(...nodes);
  }

  replaceChildren(...nodes) {
    this.children = [];
    this.append(...nodes);
  }

  setAttribute(name, value) {
    assert.equal(typeof value, 'string', name);
    this.attributes[name] = value;
  }

  addEventListener(type, listener) {
    this.listeners[type] = listener;
  }

  insertAdjacentHTML() {
    throw new Error('insertAdjacentHTML reads markup');
  }
}

before(() => {
  globalThis.document = {
    createElement: (tag) => new FakeElement(tag),
    createRange: () => ({ createContextualFragment: () => { throw new Error('createContextualFragment reads markup'); } }),
  };
  globalThis.DOMParser = class {
    parseFromString() {
      throw new Error('DOMParser reads markup');
    }
  };
});

after(() => {
  delete globalThis.document;
  delete globalThis.DOMParser;
});

test('el: strings stay text everywhere', () => {
  const inner = el('b', {}, 'bold');
  const node = el('p', { class: 'x', title: hostile, dataset: { name: hostile } }, hostile, inner, [hostile, inner]);
  assert.deepEqual(node.children, [hostile, inner, hostile, inner]);
  assert.equal(node.attributes.title, hostile);
  assert.equal(node.dataset.name, hostile);
  assert.equal(inner.tag, 'b');
});

test('el: missing children are omitted, 0 and "" are not', () => {
  assert.deepEqual(el('p', {}, null, undefined, false, 0, '', 'x').children, [0, '', 'x']);
});

test('el: missing attributes are omitted, true ones have no value, listeners are added', () => {
  const go = () => {};
  const node = el('button', { hidden: null, disabled: undefined, checked: false, required: true, tabindex: 0, onclick: go });
  assert.deepEqual(node.attributes, { required: '', tabindex: '0' });
  assert.deepEqual(node.listeners, { click: go });
});

test('icon: hidden from screen readers', () => {
  assert.deepEqual(icon('close').attributes, { class: 'icon icon-close', 'aria-hidden': 'true' });
});

test('uniqueId: unique', () => {
  assert.equal(new Set([uniqueId(), uniqueId(), uniqueId('x'), uniqueId('x')]).size, 4);
});
