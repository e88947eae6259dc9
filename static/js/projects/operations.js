/** The operations on the project itself; see board/model/operations.js. */
import { operation } from '../board/model/operations.js';

/** Sets the colour of the board. */
export function setColour({ colour }) {
  return operation('setColour', { colour }, {
    event: 'change_project_colour',
    needs: [],
    payload: () => ({ colour }),
    apply: (state) => ({ ...state, project: { ...state.project, colour } }),
  });
}
