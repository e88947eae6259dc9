/**
 * Updates a part of the page to match the server's current rendering. Unchanged elements are kept, with their focus and
 * open menus. Elements whose children all have ids are compared child by child; others are replaced.
 */
import { reconcile } from './reconcile.js';

/** Makes `node` equal to `wanted`, an element of the same document; returns the element that is in the page afterwards. */
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

// Between keyed elements there is only white space of the template.
function isKeyed(node) {
  return node.children.length > 0
    && [...node.childNodes].every((child) => (child.nodeType === Node.ELEMENT_NODE ? child.id !== '' : child.data.trim() === ''));
}
