/** Creates elements. Strings become text, never markup. */

/**
 * `el('a', { class: 'link', href: url, dataset: { id }, onclick: go }, 'text', otherElement)`. Attributes that are
 * false, null or undefined are omitted, true ones have no value; properties that begin with "on" are listeners.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === 'dataset') Object.assign(node.dataset, value);
  else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? '' : String(value));
}

/** A copy of the one element in `<template id="…">`. */
export function fromTemplate(id) {
  const template = document.getElementById(id);
  if (!template) throw new Error(`the page has no template "${id}"`);
  return template.content.firstElementChild.cloneNode(true);
}

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled, [type="hidden"]), select:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex="-1"])';

/** The focusable elements inside, in document order. */
export function focusables(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter((node) => node.checkVisibility({ visibilityProperty: true }));
}

let lastId = 0;

/** An id that is unique in this page. */
export function uniqueId(prefix = 'id') {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/** An icon of `css/components/icon.css`, hidden from screen readers. */
export function icon(name) {
  return el('span', { class: `icon icon-${name}`, 'aria-hidden': 'true' });
}
