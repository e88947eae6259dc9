/**
 * Behaviour for markup the server has rendered: light-DOM custom elements.
 *
 * The tag names the file: `<cards-board>` is the default export of `js/cards/board.js`, `<ui-menu>` that of
 * `js/components/menu.js`. A file is fetched when its tag first appears, also in content inserted later.
 *
 * - `data-action="click:open input:filter"` calls `open(event, node)` of the nearest enclosing element with that method.
 * - `data-target="list"` is found with `this.target('list')`; targets of elements inside are excluded.
 * - Options are data attributes, read from `this.dataset`.
 */

// These do not bubble: the listener is called in the capture phase.
const NOT_BUBBLING = new Set(['blur', 'cancel', 'close', 'error', 'focus', 'invalid', 'load', 'scroll', 'toggle']);

export class Element extends HTMLElement {
  #lifetime = null;

  /** Called when the element has been inserted into the page. */
  connected() {}

  /** Called when it has been removed; closes what `connected` opened without `signal`. */
  disconnected() {}

  connectedCallback() {
    this.#lifetime = new AbortController();
    this.connected();
  }

  disconnectedCallback() {
    this.#lifetime?.abort();
    this.disconnected();
  }

  /** A move within the page changes nothing; without this method it counts as a removal and an insertion. */
  connectedMoveCallback() {}

  /** Aborts when the element is removed: `addEventListener(type, listener, { signal: this.signal })`. */
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

  /** Adds a listener for as long as the element is in the page. */
  listen(target, type, listener, options = {}) {
    target.addEventListener(type, listener, { ...options, signal: this.signal });
  }

  /** Dispatches an event that bubbles; false if a listener has prevented the default. */
  emit(type, detail = {}) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, cancelable: true }));
  }
}

/** Resolves when all custom elements below `root`, and `root` itself, are upgraded. */
export function upgraded(root) {
  const elements = [root, ...root.querySelectorAll('*')].filter(({ localName }) => localName.includes('-'));
  return Promise.all(elements.map(({ localName }) => customElements.whenDefined(localName)));
}

// A target that is itself a custom element belongs to the element around it.
function ownerOf(node) {
  let parent = node.parentElement;
  while (parent && !parent.localName.includes('-')) parent = parent.parentElement;
  return parent;
}

/**
 * Upgrades all custom elements below `root`, and those that are inserted later.
 *
 * @param {Document} root
 * @param {Record<string, () => Promise<{default: typeof HTMLElement}>>} files tag → import of its file
 * @returns {() => void} stops watching the page
 */
export function upgradeElements(root, files) {
  knownFiles = files;
  const registry = new ElementRegistry(root, files);
  const observer = new MutationObserver((records) => {
    for (const { addedNodes, target } of records) {
      if (addedNodes.length === 0) registry.register(target);
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) registry.scan(node);
    }
  });
  observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-action'] });
  registry.scan(root.documentElement);
  return () => observer.disconnect();
}

let knownFiles = {};

/**
 * Fetches the file of a tag before it appears in the page.
 *
 * @returns {Promise<typeof HTMLElement | null>} its class; null without one, or without a network
 */
export async function preloadElement(tag) {
  try {
    return (await knownFiles[tag]?.())?.default ?? null;
  } catch {
    return null; // fetched again when it appears
  }
}

class ElementRegistry {
  #root;
  #files;
  #seen = new Set();
  #types = new Set();

  constructor(root, files) {
    this.#root = root;
    this.#files = files;
  }

  scan(node) {
    this.register(node);
    for (const inside of node.querySelectorAll('*')) this.register(inside);
  }

  register(node) {
    if (node.localName.includes('-')) this.#load(node.localName);
    for (const { type } of actionsOf(node)) this.#listen(type);
  }

  async #load(tag) {
    if (this.#seen.has(tag)) return;
    this.#seen.add(tag);
    if (!this.#files[tag] || customElements.get(tag)) return;
    try {
      const file = await this.#files[tag]();
      customElements.define(tag, file.default);
    } catch (error) {
      // The next element with this tag tries again: the network may be back by then.
      this.#seen.delete(tag);
      console.error(`<${tag}> could not be loaded`, error);
    }
  }

  #listen(type) {
    if (this.#types.has(type)) return;
    this.#types.add(type);
    this.#root.addEventListener(type, dispatch, { capture: NOT_BUBBLING.has(type) });
  }
}

/** The pairs of event type and method in an element's `data-action`. */
export function actionsOf(node) {
  const text = node.dataset?.action;
  if (!text) return [];
  return text.trim().split(/\s+/).map((pair) => {
    const at = pair.lastIndexOf(':');
    return { type: pair.slice(0, at), method: pair.slice(at + 1) };
  });
}

// From the innermost node outwards, like the event itself.
function dispatch(event) {
  let node = event.target instanceof globalThis.Element ? event.target : null;
  for (; node && !event.cancelBubble; node = event.bubbles ? node.parentElement : null) {
    for (const { type, method } of actionsOf(node)) {
      if (type === event.type) act(node, method, event);
    }
  }
}

// A click on a button whose script is still loading takes effect when the script has loaded.
function act(node, method, event) {
  const host = hostWith(node, method);
  if (host) host[method](event, node);
  else if (event.type === 'click' && node.localName === 'button') actWhenLoaded(node, method, event);
}

async function actWhenLoaded(node, method, event) {
  const pending = node.closest(':not(:defined)');
  if (!pending) return;
  await customElements.whenDefined(pending.localName);
  if (node.isConnected) hostWith(node, method)?.[method](event, node);
}

function hostWith(node, method) {
  let host = node;
  while (host && !(host instanceof Element && typeof host[method] === 'function')) host = host.parentElement;
  return host;
}
