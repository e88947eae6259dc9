/** The commands of labels; see board/commands.js. */
import { command } from '../board/commands.js';

/** Opens the picker that puts labels on cards: `{ids}`. */
export const pickLabels = command('pick-labels');

/** Shows or hides the names of labels on cards. */
export const toggleLabelNames = command('toggle-label-names');
