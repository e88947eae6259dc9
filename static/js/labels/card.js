/** `<labels-card>`: the labels of a card in its window, which calls `show`. @later */
import { Element } from '../lib/element.js';
import { storeOf } from '../board/store.js';
import { fillChips } from './chips.js';
import { pickLabels } from './commands.js';
import { labelsOf } from './model.js';

export default class Card extends Element {
  #id = null;

  /** Shows the labels of a card. */
  show({ id, parts }) {
    this.#id = id;
    fillChips(this.target('chips'), parts.labels, labelsOf(storeOf(this).view));
    this.target('none').hidden = parts.labels.length > 0;
  }

  change() {
    pickLabels(storeOf(this), { ids: [this.#id] });
  }
}
