/** A file dropped beside the place it was meant for would open in the place of the page, and what was typed were gone. */

/** Lets files be dropped only where an element takes them; the pointer says so. */
export function refuseStrayFiles(root) {
  for (const type of ['dragover', 'drop']) root.addEventListener(type, refuse);
}

function refuse(event) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files') || event.target.closest?.('input[type="file"]')) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
}
