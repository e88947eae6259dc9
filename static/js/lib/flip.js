/**
 * Shows elements that have got another place on their way there: FLIP (first, last, invert, play). Only transforms and
 * opacity are animated, and all places are read before anything is written. With reduced motion nothing moves.
 *
 * An element that leaves a scrolling container for another would be cut off on its way: a copy of it flies above the page,
 * while the element itself is transparent.
 */
import { prefersReducedMotion } from './timing.js';

const DURATION_MS = 180;
const EASING = 'cubic-bezier(0.2, 0, 0, 1)';
const MOST = 60; // elements that move at once; what else moves is beyond what eyes follow
const LEAST = 1; // px

/** @typedef {{left: number, top: number, width: number, height: number}} Box */

/**
 * Where elements are now.
 *
 * @param {Iterable<HTMLElement>} elements only those that are seen
 * @returns {Map<HTMLElement, {box: Box, parent: Element}>}
 */
export function placesOf(elements) {
  const places = new Map();
  if (prefersReducedMotion()) return places;
  for (const element of elements) places.set(element, { box: element.getBoundingClientRect(), parent: element.parentElement });
  return places;
}

/**
 * Moves elements from where they were to where they are.
 *
 * @param {Map<HTMLElement, {box: Box, parent: Element}>} before what `placesOf` has returned
 * @param {HTMLElement[]} elements those that are seen now; new ones appear
 */
export function playFrom(before, elements) {
  if (prefersReducedMotion() || document.hidden) return;
  // A place is read without the animation that is still on its way to it.
  for (const element of elements) running.get(element)?.cancel();
  const moves = [];
  for (const element of elements) {
    const was = before.get(element);
    const box = element.getBoundingClientRect();
    if (box.width === 0) continue;
    const [x, y] = was ? [was.box.left - box.left, was.box.top - box.top] : [0, 0];
    if (was && Math.abs(x) < LEAST && Math.abs(y) < LEAST) continue;
    moves.push({ element, box, x, y, isNew: !was, flies: was !== undefined && was.parent !== element.parentElement });
    if (moves.length === MOST) break;
  }
  for (const move of moves) play(move);
}

const running = new WeakMap();

function play({ element, box, x, y, isNew, flies }) {
  const way = { duration: DURATION_MS, easing: EASING, id: 'flip' };
  if (isNew) running.set(element, element.animate([{ opacity: 0 }, { opacity: 1 }], way));
  else if (flies) fly(element, box, x, y, way);
  else running.set(element, element.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], way));
}

function fly(element, box, x, y, way) {
  const copy = copyOf(element, box);
  document.body.append(copy);
  const absence = element.animate([{ opacity: 0 }, { opacity: 0 }], way);
  running.set(element, absence);
  const flight = copy.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], way);
  absence.addEventListener('cancel', () => flight.cancel());
  for (const type of ['finish', 'cancel']) flight.addEventListener(type, () => copy.remove());
}

// Looks like the element, is nothing: no ids, no custom elements, no part of the board.
function copyOf(element, { left, top, width, height }) {
  const copy = inertCopy(element);
  copy.classList.add('flightCopy');
  copy.setAttribute('aria-hidden', 'true');
  for (const name of ['data-card-id', 'data-list-id', 'data-action']) copy.removeAttribute(name);
  Object.assign(copy.style, { left: `${left}px`, top: `${top}px`, inlineSize: `${width}px`, blockSize: `${height}px` });
  return copy;
}

/** A copy of an element that is inert: its custom elements are replaced, and no id is in the page twice. */
export function inertCopy(element) {
  const copy = element.cloneNode(true);
  for (const node of [copy, ...copy.querySelectorAll('*')]) {
    node.removeAttribute('id');
    if (node.localName.includes('-')) node.replaceWith(plain(node));
  }
  copy.inert = true;
  return copy;
}

function plain(node) {
  const box = document.createElement('div');
  box.className = node.className;
  box.append(...node.childNodes);
  return box;
}
