/** The chips of labels, as templates/labels/_chip.html draws them. */
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';

const colourNames = {
  red: 'labels.js.colour.red', orange: 'labels.js.colour.orange', yellow: 'labels.js.colour.yellow', green: 'labels.js.colour.green',
  teal: 'labels.js.colour.teal', blue: 'labels.js.colour.blue', purple: 'labels.js.colour.purple', grey: 'labels.js.colour.grey',
};

/** The name of a colour. */
export function colourName(colour) {
  return t(colourNames[colour]);
}

/** What a label is called: its name, or its colour. */
export function labelName({ name, colour }) {
  return name || colourName(colour);
}

/** A chip: the pattern of its colour, and its name. */
export function chip({ name, colour }) {
  return el('span', { class: 'labelChip', 'data-colour': colour, title: name || colourName(colour) },
    el('span', { class: 'labelPattern', 'aria-hidden': 'true' }),
    el('span', { class: 'labelName', dir: 'auto' }, name),
    el('span', { class: 'visuallyHidden' }, name ? `(${colourName(colour)})` : colourName(colour)));
}

/** Fills an element with the chips of a card, in the order of the board's labels. */
export function fillChips(element, ids, labels) {
  const shown = labels.filter(({ id }) => ids.includes(id));
  element.replaceChildren(...shown.map(chip));
  element.hidden = shown.length === 0;
}
