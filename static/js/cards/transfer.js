/** `<cards-transfer>`: several cards, of any lists, to one list in one go. Places are counted from 1. */
import { showDialog } from '../components/dialog.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { cardsOf, listsOf } from '../projects/boardState.js';
import { isTemporary } from '../projects/boardModel.js';
import { moveCards } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';

export default class Transfer extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    this.#store.on('move-cards', ({ listId }) => this.#open(listId), this.signal);
    this.#store.on('change', ({ view, previous }) => {
      if (this.#dialog.open && (view.cards !== previous.cards || view.lists !== previous.lists)) this.#show(this.#chosen);
    }, this.signal);
  }

  chooseAll(event, box) {
    for (const other of box.closest('section').querySelectorAll('li input')) other.checked = box.checked;
    this.chosen();
  }

  /** Something was ticked: the button says how many go, the place is that behind those that stay. */
  chosen() {
    const count = this.#chosen.length;
    for (const section of this.target('cards').children) markAll(section);
    this.target('main').disabled = count === 0;
    this.target('main').textContent = t('cards.js.transfer.main', { Count: count });
    this.listChosen();
  }

  /** The list was chosen: the place is its end. */
  listChosen() {
    this.target('place').value = String(this.#places);
    this.#explain();
  }

  move() {
    const { view } = this.#store;
    const ids = this.#chosen.filter((id) => view.cards.has(id));
    const listId = this.target('list').value;
    if (ids.length === 0 || !view.lists.has(listId)) return;
    const place = this.#place;
    if (!this.target('keep').checked) this.#dialog.close();
    this.#store.do(moveCards({ ids, listId, pos: place - 1 }));
    this.#store.tell('announce', t('cards.js.transfer.done', { Count: ids.length, List: view.lists.get(listId).name }));
    if (!this.#dialog.open) return;
    this.#show([]);
    // What was typed is shown as it was understood.
    this.target('place').value = String(place);
  }

  get #dialog() {
    return this.target('dialog');
  }

  get #chosen() {
    return [...this.target('cards').querySelectorAll('li input:checked')].map((box) => box.value);
  }

  // How many places there are for the first of the cards.
  get #places() {
    const chosen = this.#chosen;
    return cardsOf(this.#store.view, this.target('list').value).filter((card) => !chosen.includes(card.id)).length + 1;
  }

  get #place() {
    return Math.min(Math.max(Math.trunc(Number(this.target('place').value)) || 1, 1), this.#places);
  }

  #open(listId) {
    const lists = listsOf(this.#store.view);
    if (lists.length === 0 || this.#dialog.open) return;
    this.#show(listId === undefined ? [] : cardsOf(this.#store.view, listId).map((card) => card.id));
    this.target('list').selectedIndex = Math.max(0, lists.findIndex((list) => list.id !== listId));
    this.chosen();
    showDialog(this.#dialog);
  }

  #show(chosen) {
    const lists = listsOf(this.#store.view);
    const choice = this.target('list');
    const target = choice.value;
    const place = this.target('place').value;
    const focused = this.target('cards').contains(document.activeElement) && document.activeElement.value;
    this.target('cards').replaceChildren(...lists.map((list) => this.#section(list, chosen)).filter(Boolean));
    choice.replaceChildren(...lists.map((list) => new Option(list.name, list.id)));
    choice.value = target;
    if (choice.selectedIndex < 0) choice.selectedIndex = 0;
    this.chosen();
    if (place) this.target('place').value = place;
    if (focused) [...this.target('cards').querySelectorAll('li input')].find(({ value }) => value === focused)?.focus();
  }

  #section(list, chosen) {
    const cards = cardsOf(this.#store.view, list.id).filter((card) => !isTemporary(card.id));
    return cards.length > 0 && el('section', {},
      el('label', { class: 'checkbox' }, el('input', { type: 'checkbox', 'data-all': true, 'data-action': 'change:chooseAll' }), el('strong', { dir: 'auto' }, list.name)),
      el('ul', {}, cards.map((card) => el('li', {}, el('label', { class: 'checkbox' },
        el('input', { type: 'checkbox', value: card.id, checked: chosen.includes(card.id), 'data-action': 'change:chosen' }), el('span', { dir: 'auto' }, card.name))))));
  }

  #explain() {
    this.target('hint').textContent = t('cards.js.transfer.places', { Count: this.#places });
  }
}

function markAll(section) {
  const boxes = [...section.querySelectorAll('li input')];
  const count = boxes.filter((box) => box.checked).length;
  const all = section.querySelector('[data-all]');
  all.checked = count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
}
