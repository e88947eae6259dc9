/** The fields of a list: the one place of the page where they are listed. */
import { defineSchema } from '../board/model/schema.js';
import { fileField, picturesField } from '../files/schema.js';

/** @typedef {{id: string, pos: number, name: string, desc: string, files: Record<string, string>, pictures: Record<string, object>}} List */

export const listSchema = defineSchema({
  place: { pos: { read: ({ pos }) => pos } },
  texts: { name: 'name', desc: 'listDesc' },
  contents: { files: fileField, pictures: picturesField },
});
