/**
 * Brings a piece of the page up to date with the same piece as the server renders it now. What has not changed stays
 * the same element, with its focus and whatever it has open.
 *
 * Elements whose children all have ids are gone through; others are exchanged whole.
 */
import { reconcile } from './reconcile.js';

/** Makes `node` like `wanted`, an element of the same document; returns the element that is in the page afterwards. */
export function merge(node, wanted) {
  if (node.isEqualNode(wanted)) return node;
  if (node.localName !== wanted.localName || !isKeyed(node) || !isKeyed(wanted)) {
    node.replaceWith(wanted);
    return wanted;
  }
  for (const { name } of [...node.attributes]) if (!wanted.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  const old = new Map([...node.children].map((child) => [child.id, child]));
  reconcile(node, [...wanted.children].map((child) => (old.has(child.id) ? merge(old.get(child.id), child) : child)));
  return node;
}

// Text between elements is only what the template's lines leave.
function isKeyed(node) {
  return node.children.length > 0
    && [...node.childNodes].every((child) => (child.nodeType === Node.ELEMENT_NODE ? child.id !== '' : child.data.trim() === ''));
}
