/** How changes of the project are undone, and redone. */
import { t } from '../lib/i18n.js';
import { textsBack } from '../board/model/schema.js';
import { colourText } from './colours.js';
import { editProject, setColour } from './operations.js';

// What was changed, for the message.
const DONE = { title: 'projects.js.undo.retitle', name: 'projects.js.undo.readdress', desc: 'projects.js.undo.describe' };

export const projectInverses = {
  setColour: {
    inverse: ({ colour }, { project }) => (colour === project.colour ? null : { name: colourText(colour), count: 1, create: () => setColour({ colour: project.colour }) }),
    idsOf: () => [],
    done: ({ Name }) => t('projects.js.undo.setColour', { Name }),
  },
  editProject: {
    inverse({ changes: wanted }, { project }) {
      const { changes, base } = textsBack(project, wanted);
      const [detail] = Object.keys(changes);
      if (detail === undefined) return null;
      return { name: wanted.title ?? project.title, count: 1, detail, create: (undoes) => editProject({ changes, base, undoes }) };
    },
    idsOf: () => [],
    done: ({ Name, detail }) => t(DONE[detail], { Name }),
  },
};
