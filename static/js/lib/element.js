/**
 * Behaviour for markup the server has rendered: light-DOM custom elements.
 *
 * The tag names the file: `<cards-board>` is the default export of `js/cards/board.js`, `<ui-menu>` that of
 * `js/components/menu.js`. A file is fetched when its tag is first seen, also in what is inserted later.
 *
 * - `data-action="click:open input:filter"` calls `open(event, node)` of the nearest element around that has it.
 * - `data-target="list"` is found with `this.target('list')`; what belongs to an element inside is not seen.
 * - Options are data attributes, read from `this.dataset`.
 */

// These do not bubble, so they are listened to on their way down.
const NOT_BUBBLING = new Set(['blur', 'cancel', 'close', 'error', 'focus', 'invalid', 'load', 'scroll', 'toggle']);

export class Element extends HTMLElement {
  #lifetime = null;

  /** Called when the element has come into the page. */
  connected() {}

  /** Called when it has left; what `connected` opened without `signal` is closed here. */
  disconnected() {}

  connectedCallback() {
    this.#lifetime = new AbortController();
    this.connected();
  }

  disconnectedCallback() {
    this.#lifetime?.abort();
    this.disconnected();
  }

  /** A move within the page changes nothing; without this method it would count as leaving and coming back. */
  connectedMoveCallback() {}

  /** Ends with the element: `addEventListener(type, listener, { signal: this.signal })`. */
  get signal() {
    return this.#lifetime?.signal;
  }

  /** The first `data-target` of this name that belongs to this element, or null. */
  target(name) {
    return this.targets(name)[0] ?? null;
  }

  /** All of them, in document order. */
  targets(name) {
    return [...this.querySelectorAll(`[data-target~="${name}"]`)].filter((node) => ownerOf(node) === this);
  }

  /** Listens for as long as the element is in the page. */
  listen(target, type, listener, options = {}) {
    target.addEventListener(type, listener, { ...options, signal: this.signal });
  }

  /** Tells the outside; false if somebody has prevented the default. */
  emit(type, detail = {}) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, cancelable: true }));
  }
}

/** Done when all custom elements below `root`, and `root` itself, are awake. */
export function awake(root) {
  const sleeping = [root, ...root.querySelectorAll('*')].filter(({ localName }) => localName.includes('-'));
  return Promise.all(sleeping.map(({ localName }) => customElements.whenDefined(localName)));
}

// A target that is itself a custom element belongs to what is around it.
function ownerOf(node) {
  let parent = node.parentElement;
  while (parent && !parent.localName.includes('-')) parent = parent.parentElement;
  return parent;
}

/**
 * Wakes all custom elements below `root`, and those that come later.
 *
 * @param {Document} root
 * @param {Record<string, () => Promise<{default: typeof HTMLElement}>>} files tag → import of its file
 * @returns {() => void} stops looking
 */
export function wakeElements(root, files) {
  const waker = new Waker(root, files);
  const observer = new MutationObserver((records) => {
    for (const { addedNodes, target } of records) {
      if (addedNodes.length === 0) waker.look(target);
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) waker.lookThrough(node);
    }
  });
  observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-action'] });
  waker.lookThrough(root.documentElement);
  return () => observer.disconnect();
}

class Waker {
  #root;
  #files;
  #seen = new Set();
  #types = new Set();

  constructor(root, files) {
    this.#root = root;
    this.#files = files;
  }

  lookThrough(node) {
    this.look(node);
    for (const inside of node.querySelectorAll('*')) this.look(inside);
  }

  look(node) {
    if (node.localName.includes('-')) this.#wake(node.localName);
    for (const { type } of actionsOf(node)) this.#hear(type);
  }

  async #wake(tag) {
    if (this.#seen.has(tag)) return;
    this.#seen.add(tag);
    if (!this.#files[tag] || customElements.get(tag)) return;
    try {
      const file = await this.#files[tag]();
      customElements.define(tag, file.default);
    } catch (error) {
      // The next time the tag is seen it is tried again: the network may be back by then.
      this.#seen.delete(tag);
      console.error(`<${tag}> could not be loaded`, error);
    }
  }

  #hear(type) {
    if (this.#types.has(type)) return;
    this.#types.add(type);
    this.#root.addEventListener(type, dispatch, { capture: NOT_BUBBLING.has(type) });
  }
}

/** What an element's `data-action` says: pairs of event type and method. */
export function actionsOf(node) {
  const text = node.dataset?.action;
  if (!text) return [];
  return text.trim().split(/\s+/).map((pair) => {
    const at = pair.lastIndexOf(':');
    return { type: pair.slice(0, at), method: pair.slice(at + 1) };
  });
}

// From the innermost node outwards, as the event itself would go.
function dispatch(event) {
  let node = event.target instanceof globalThis.Element ? event.target : null;
  for (; node && !event.cancelBubble; node = event.bubbles ? node.parentElement : null) {
    for (const { type, method } of actionsOf(node)) {
      if (type === event.type) act(node, method, event);
    }
  }
}

// A button whose script is still on its way acts when it has come.
function act(node, method, event) {
  const host = hostWith(node, method);
  if (host) host[method](event, node);
  else if (event.type === 'click' && node.localName === 'button') actLater(node, method, event);
}

async function actLater(node, method, event) {
  const sleeping = node.closest(':not(:defined)');
  if (!sleeping) return;
  await customElements.whenDefined(sleeping.localName);
  if (node.isConnected) hostWith(node, method)?.[method](event, node);
}

function hostWith(node, method) {
  let host = node;
  while (host && !(host instanceof Element && typeof host[method] === 'function')) host = host.parentElement;
  return host;
}
