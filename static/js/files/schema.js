/** The files of a list or card: name → address, and the changes to them in an edit. */

/** The field of the schemas of lists and cards. */
export const fileField = {
  read: ({ attachedFiles }) => attachedFiles ?? {},
  patch: (files, { removedAttachedFiles, newAttachedFiles }) => ({ ...without(files, removedAttachedFiles ?? []), ...Object.fromEntries(newAttachedFiles ?? []) }),
  equal: (a, b) => String(Object.keys(a)) === String(Object.keys(b)),
};

/** The field of what is known of pictures among the files: name → `{width, height, version, text}`. */
export const picturesField = {
  read: ({ pictures }) => pictures ?? {},
  patch: (known, { pictures }) => pictures ?? known,
  equal: (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b),
};

/** An edit that leaves the files alone. */
export const noFileChanges = { added: {}, replaced: {}, removed: [] };

/** Changes as the contract's events name them. */
export function fileChangesToWire({ added, replaced, removed }) {
  return { newAttachedFiles: added, replacedAttachedFiles: replaced, removedAttachedFiles: removed };
}

/** The files without those of these names. */
export function without(files, names) {
  if (names.length === 0) return files;
  return Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
}
