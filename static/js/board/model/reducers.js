/**
 * Builds the state of a board from the server's snapshot and applies the server's events to it. The reducers are registered
 * by the modules whose events they are about, as in cards/reducers.js.
 */
import { extensions, reportUnknownEvent } from '../extensions.js';
import { cardSchema } from '../../cards/schema.js';
import { listSchema } from '../../lists/schema.js';
import { toPerson } from '../../lib/person.js';

export { DivergedError } from './changes.js';

/** Builds the state from the `project` object of the page data or of the snapshot (contract pages.md, section 5). */
export function fromSnapshot(project) {
  const lists = new Map();
  const cards = new Map();
  for (const [id, list] of Object.entries(project.lists ?? {})) {
    lists.set(id, listSchema.parse({ ...list, id }));
    for (const [card_id, card] of Object.entries(list.cards ?? {})) cards.set(card_id, cardSchema.parse({ ...card, id: card_id, listId: id }));
  }
  const members = new Map(Object.entries(project.members ?? {}).map(([id, member]) => [id, { ...toPerson(member), id }]));
  const { title, name, ownerName, visibility, colour, adminsInvite = false } = project;
  return {
    project: { id: String(project.id), title: title ?? name, name, ownerName, desc: project.projectDesc ?? '', visibility, colour, adminsInvite },
    members, lists, cards, parts: Object.fromEntries(extensions.boardParts.map((part) => [part.name, part.read(project)])), deleted: false,
  };
}

/**
 * Applies one event of the `/project` namespace (or `update_project_attributes`). Unknown events leave the state as
 * it is: the contract allows more of them to appear.
 *
 * @throws {DivergedError} when the event refers to an unknown id or leaves positions that are not 0..n-1
 */
export function applyEvent(state, name, payload) {
  const reduce = extensions.get('reducer of the event', name);
  if (!reduce) reportUnknownEvent(name);
  return extensions.consequencesOf(name).reduce((changed, change) => change(changed, payload), reduce ? reduce(state, payload) : state);
}
