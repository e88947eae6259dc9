/** The operations on the project itself; see board/model/operations.js. */
import { operation } from '../board/model/operations.js';
import { cleanTexts } from '../board/model/schema.js';
import { cleanLine } from '../lib/text.js';

/** Sets the colour of the board. */
export function setColour({ colour }) {
  return operation('setColour', { colour }, {
    event: 'change_project_colour',
    needs: [],
    payload: () => ({ colour }),
    apply: (state) => ({ ...state, project: { ...state.project, colour } }),
  });
}

// What the contract calls the texts of a project.
const WIRE_NAMES = { title: 'title', name: 'name', desc: 'projectDesc' };

/**
 * Changes title, name in the address and description of the project. The server refuses what another person has changed
 * since `base`.
 *
 * @param {{changes: {title?: string, name?: string, desc?: string}, base?: object, undoes?: number}} args
 */
export function editProject({ changes: typed, base = {}, undoes }) {
  const changes = cleanTexts(typed.title === undefined ? typed : { ...typed, title: cleanLine(typed.title).trim() });
  const toWire = (texts) => Object.fromEntries(Object.entries(WIRE_NAMES).map(([name, wire]) => [wire, texts[name]]));
  return operation('editProject', { changes, base, undoes }, {
    event: 'edit_project_name_and_desc',
    needs: [],
    payload: (real, { confirmed: { project } }) => ({ id: Number(project.id), ...toWire({ ...project, ...changes }), base: toWire({ ...project, ...base }) }),
    apply: (state) => ({ ...state, project: { ...state.project, ...changes } }),
  });
}
