/**
 * Reorders children with the fewest moves, so that elements that stay keep focus, scroll position and running
 * animations.
 */

/** Makes `wanted` the children of `parent`, in this order; other children are removed. */
export function reconcile(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  const places = new Map([...parent.children].map((child, index) => [child, index]));
  const staying = longestRise(wanted.map((child) => places.get(child) ?? -1));
  const focused = parent.ownerDocument.activeElement;
  let next = null;
  for (let index = wanted.length - 1; index >= 0; index -= 1) {
    const child = wanted[index];
    if (!staying.has(index)) move(parent, child, next);
    next = child;
  }
  // Moving an element removes the focus from it.
  if (focused !== parent.ownerDocument.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

// moveBefore keeps focus, scroll positions and the state of custom elements.
function move(parent, child, next) {
  if (parent.moveBefore && parent.isConnected && child.isConnected) parent.moveBefore(child, next);
  else parent.insertBefore(child, next);
}

/** Indexes of a longest strictly rising subsequence; entries of −1 (not in the page yet) never belong to it. */
export function longestRise(numbers) {
  const ends = []; // ends[k]: index of the smallest number that ends a rise of length k + 1
  const before = new Array(numbers.length).fill(-1);
  numbers.forEach((number, index) => {
    if (number < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]] < number) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[index] = ends[low - 1];
    ends[low] = index;
  });
  const found = new Set();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index]) found.add(index);
  return found;
}
