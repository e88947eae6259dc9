/** `<labels-picker>`: the dialog that puts labels on cards and takes them off. Keys 1 to 9 choose the label of that number. @later */
import { showDialog } from '../components/dialog.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { runCommand } from '../board/commands.js';
import { storeOf } from '../board/store.js';
import { chip, labelName } from './chips.js';
import { pickLabels } from './commands.js';
import { labelsOf } from './model.js';
import { setLabelOnCards } from './operations.js';

export default class Picker extends Element {
  #store;
  #ids = [];

  connected() {
    this.#store = storeOf(this);
    pickLabels.handle(this.#store, ({ ids }) => this.#open(ids), this.signal);
    this.#store.on('change', () => this.#dialog.open && this.#show(), this.signal);
  }

  /** A label is put on all the cards, or taken from all of them. */
  choose(event, box) {
    this.#set(box.value, box.checked);
  }

  key(event) {
    const number = Number(keyOf(event));
    if (isCommand(event) || !Number.isInteger(number) || number < 1) return;
    const box = this.target('choices').querySelectorAll('input')[number - 1];
    if (!box) return;
    event.preventDefault();
    this.#set(box.value, !box.checked);
  }

  /** Opens the dialog in which labels are made. */
  edit() {
    this.#dialog.close();
    runCommand(this.#store, 'open-labels');
  }

  get #dialog() {
    return this.target('dialog');
  }

  get #cards() {
    const { view, model } = this.#store;
    return this.#ids.map((id) => view.cards.get(model.realId(id) ?? id)).filter(Boolean);
  }

  #open(ids) {
    this.#ids = ids;
    if (this.#dialog.open || this.#cards.length === 0) return;
    const [card] = this.#cards;
    this.target('cards').textContent = ids.length === 1 ? card.name : t('labels.js.several', { Count: ids.length });
    this.#show();
    showDialog(this.#dialog);
    this.target('choices').querySelector('input')?.focus();
  }

  #set(labelId, on) {
    const cardIds = this.#cards.filter(({ parts }) => parts.labels.includes(labelId) !== on).map(({ id }) => id);
    if (cardIds.length === 0) return;
    this.#store.do(setLabelOnCards({ labelId, cardIds, on }));
    const label = labelsOf(this.#store.view).find(({ id }) => id === labelId);
    if (label) this.#store.emit('announce', t(on ? 'labels.js.put' : 'labels.js.taken', { Name: labelName(label) }));
  }

  #show() {
    const cards = this.#cards;
    if (cards.length === 0) {
      this.#dialog.close();
      return;
    }
    const labels = labelsOf(this.#store.view);
    const focused = this.target('choices').contains(document.activeElement) ? document.activeElement.value : null;
    this.target('choices').replaceChildren(...labels.map((label, index) => choice(label, index, cards)));
    if (focused !== null) this.target('choices').querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
    this.target('none').hidden = labels.length > 0;
  }
}

function choice(label, index, cards) {
  const having = cards.filter(({ parts }) => parts.labels.includes(label.id)).length;
  const box = el('input', { type: 'checkbox', value: label.id, 'data-action': 'change:choose' });
  box.checked = having === cards.length;
  box.indeterminate = having > 0 && having < cards.length;
  return el('label', { class: 'labelChoice' }, box, chip(label), index < 9 && el('kbd', { class: 'menuKeys', 'aria-hidden': 'true' }, String(index + 1)));
}
