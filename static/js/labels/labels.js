/** `<labels-labels>`: the dialog in which the labels of a project are created, named, coloured, ordered and deleted. @later */
import { confirmDialog } from '../components/dialog.js';
import { openMenu } from '../components/menu.js';
import { SettingsPanel } from '../board/settingsPanel.js';
import { el, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { reconcile } from '../lib/reconcile.js';
import { chip, colourName, labelName } from './chips.js';
import { cardsWith, colours, labelsOf, MAX_LABELS, MAX_NAME_LENGTH } from './model.js';
import { createLabel, deleteLabel, editLabel, moveLabel } from './operations.js';

export default class Labels extends SettingsPanel {
  #rows = new Map(); // id → row
  #colour = colours[0];

  fill() {
    this.target('name').maxLength = MAX_NAME_LENGTH;
    this.target('full').textContent = t('labels.js.full', { Max: MAX_LABELS });
    this.#rows.clear();
    this.target('labels').replaceChildren();
    this.#chooseColour(this.#unusedColour());
    this.follow();
  }

  follow() {
    const labels = labelsOf(this.store.view);
    const nodes = labels.map((label, index) => this.#row(label, index, labels.length));
    const ids = new Set(labels.map(({ id }) => this.#key(id)));
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    reconcile(this.target('labels'), nodes);
    this.target('none').hidden = labels.length > 0;
    const isFull = labels.length >= MAX_LABELS;
    this.target('name').disabled = this.target('create').disabled = isFull;
    this.target('full').hidden = !isFull;
  }

  /** Creates a label with the typed name and the chosen colour. The name of a refused one comes back, if the field is free. */
  async create(event) {
    event.preventDefault();
    const field = this.target('name');
    const name = field.value;
    const answered = this.store.do(createLabel({ name, colour: this.#colour }));
    field.value = '';
    this.#chooseColour(this.#unusedColour());
    field.focus();
    if (!await answered && !field.value) field.value = name;
  }

  pickColour(event, button) {
    openColours(button, this.#colour, (colour) => this.#chooseColour(colour));
  }

  #key(id) {
    return this.store.model.keyOf('label', id);
  }

  #unusedColour() {
    const used = new Set(labelsOf(this.store.view).map(({ colour }) => colour));
    return colours.find((colour) => !used.has(colour)) ?? colours[0];
  }

  #chooseColour(colour) {
    this.#colour = colour;
    showColour(this.target('colour'), colour);
  }

  #row(label, index, count) {
    const key = this.#key(label.id);
    if (!this.#rows.has(key)) this.#rows.set(key, this.#newRow(key));
    const row = this.#rows.get(key);
    row.show(label, index, count);
    return row.node;
  }

  #newRow(key) {
    let label = null;
    const now = () => labelsOf(this.store.view).find(({ id }) => this.#key(id) === key) ?? label;
    const indexNow = () => labelsOf(this.store.view).findIndex(({ id }) => this.#key(id) === key);
    const save = (changes) => {
      const { id, name, colour } = { ...now(), ...changes };
      if (name !== now().name || colour !== now().colour) this.store.do(editLabel({ id, name, colour }));
    };
    const move = (step) => this.store.do(moveLabel({ id: now().id, pos: indexNow() + step }));
    const colour = el('button', { class: 'labelColour', type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: () => openColours(colour, now().colour, (chosen) => save({ colour: chosen })) });
    const name = el('input', {
      class: 'input', dir: 'auto', maxlength: MAX_NAME_LENGTH, autocomplete: 'off', 'data-unguarded': true, 'aria-label': t('labels.js.name'),
      onchange: () => save({ name: name.value.trim() }),
    });
    const up = iconButton('arrowUp', () => move(-1));
    const down = iconButton('arrowDown', () => move(1));
    const remove = iconButton('delete', () => this.#delete(now()));
    const node = el('li', { class: 'labelRow' }, colour, name, up, down, remove);
    const show = (shown, index, count) => {
      label = shown;
      showColour(colour, shown.colour);
      if (document.activeElement !== name) name.value = shown.name;
      name.placeholder = colourName(shown.colour);
      up.disabled = index === 0;
      down.disabled = index === count - 1;
      describe(up, t('labels.js.up', { Name: labelName(shown) }));
      describe(down, t('labels.js.down', { Name: labelName(shown) }));
      describe(remove, t('labels.js.delete', { Name: labelName(shown) }));
    };
    return { node, show };
  }

  async #delete(label) {
    const count = cardsWith(this.store.view, label.id).length;
    const agreed = count === 0 || await confirmDialog({
      title: t('labels.js.confirm.title', { Name: labelName(label) }), text: t('labels.js.confirm.text', { Count: count }), main: t('labels.js.confirm.main'), danger: true,
    });
    if (!agreed) return;
    this.store.do(deleteLabel({ id: label.id }));
    this.target('name').focus();
  }
}

function openColours(anchor, chosen, action) {
  openMenu(anchor, colours.map((colour) => ({ text: colourName(colour), checked: colour === chosen, action: () => action(colour) })), { label: anchor.getAttribute('aria-label'), placement: 'bottom-start' });
  for (const [index, item] of [...anchor.nextElementSibling.children].entries()) item.prepend(chip({ name: '', colour: colours[index] }));
}

function showColour(button, colour) {
  button.replaceChildren(chip({ name: '', colour }));
  button.setAttribute('aria-label', t('labels.js.colour', { Colour: colourName(colour) }));
}

function iconButton(name, onclick) {
  return el('button', { class: 'btn btn-quiet btn-icon', type: 'button', onclick }, icon(name));
}

function describe(button, text) {
  button.setAttribute('aria-label', text);
  button.title = text;
}
