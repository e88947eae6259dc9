/** The fields of a card: the one place of the page where they are listed. */
import { extensions } from '../board/extensions.js';
import { defineSchema } from '../board/model/schema.js';
import { fileField, picturesField } from '../files/schema.js';

/**
 * @typedef {{id: string, listId: string, pos: number, name: string, desc: string, files: Record<string, string>,
 *   pictures: Record<string, object>, cover: string, members: string[], parts: Record<string, unknown>}} Card `cover` is the name of a file, `parts` what modules add (board/extensions.js)
 */

export const cardSchema = defineSchema({
  place: { listId: { read: ({ listId }) => String(listId) }, pos: { read: ({ pos }) => pos } },
  texts: { name: 'name', desc: 'cardDesc', whole: 'title' },
  contents: {
    files: fileField,
    pictures: picturesField,
    cover: {
      read: ({ cover }) => cover ?? '',
      patch: (cover, { removedAttachedFiles }) => (removedAttachedFiles?.includes(cover) ? '' : cover),
    },
    members: {
      read: ({ members }) => Object.keys(members ?? {}),
      patch: (members, { newMembers, removedMembers }) => changeMembers(members, (newMembers ?? []).map(String), (removedMembers ?? []).map(String)),
      equal: (a, b) => String(a) === String(b),
    },
    parts: {
      read: ({ parts }) => Object.fromEntries(extensions.cardParts.map(({ name, read }) => [name, read(parts?.[name])])),
      patch: (parts) => parts,
      equal: (a, b) => a === b || extensions.cardParts.every(({ name, equal }) => equal(a[name], b[name])),
    },
  },
});

/** Ids of members, with some added and some removed. */
export function changeMembers(members, added, removed) {
  if (added.length + removed.length === 0) return members;
  return [...new Set([...members, ...added])].filter((id) => !removed.includes(id));
}
