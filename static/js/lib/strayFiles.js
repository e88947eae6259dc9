/** Prevents a file that misses its drop target from replacing the page, which would lose typed text. */

/** Rejects drops of files that no element accepts, and shows the pointer for it. */
export function refuseStrayFiles(root) {
  for (const type of ['dragover', 'drop']) root.addEventListener(type, refuse);
}

function refuse(event) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files') || event.target.closest?.('input[type="file"]')) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
}
