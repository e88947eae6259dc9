/** What the events about the project and its members do to the state of the board. */
import { unchanged } from '../board/extensions.js';
import { patch } from '../board/model/changes.js';
import { toPerson } from '../lib/person.js';

export const projectReducers = {
  new_project_collab(state, event) {
    const id = String(event.id);
    const { name, userName, picUrl, goToUrl, role } = toPerson(event);
    return { ...state, members: new Map(state.members).set(id, { id, name, userName, picUrl, goToUrl, role }) };
  },

  project_collab_removed(state, event) {
    const removed = String(event.id);
    const members = new Map(state.members);
    members.delete(removed);
    const cards = new Map([...state.cards].map(([id, card]) =>
      [id, card.members.includes(removed) ? { ...card, members: card.members.filter((member) => member !== removed) } : card]));
    return { ...state, members, cards };
  },

  project_collab_role_changed(state, event) {
    const members = new Map(state.members);
    patch(members, event.id, { role: event.role });
    return { ...state, members };
  },

  project_collab_changed(state, event) {
    const members = new Map(state.members);
    const { name, userName, picUrl, goToUrl } = toPerson(event);
    patch(members, event.id, { name, userName, picUrl, goToUrl });
    return { ...state, members };
  },

  // For servers, which take former friends off the board.
  project_audience_changed: unchanged,

  update_project_visibility(state, visibility) {
    return { ...state, project: { ...state.project, visibility } };
  },

  project_colour_changed(state, { colour }) {
    return { ...state, project: { ...state.project, colour } };
  },

  project_inviting_changed(state, { on }) {
    return { ...state, project: { ...state.project, adminsInvite: on } };
  },

  update_project_attributes(state, event) {
    const { title, name, ownerName, projectDesc } = event;
    return { ...state, project: { ...state.project, title: title ?? name, name, ownerName, desc: projectDesc } };
  },

  project_deleted(state) {
    return { ...state, deleted: true };
  },
};
