/** `<cards-bulk-move>`: moves several cards of any lists to one list. Positions are counted from 1. @later */
import { showDialog } from '../components/dialog.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { openBulkMove } from '../board/commands.js';
import { cardsOf, listsOf } from '../board/model/boardState.js';
import { isTemporary } from '../board/model/boardModel.js';
import { moveCards } from './operations.js';
import { storeOf } from '../board/store.js';

const MAX_MOVED = 500; // modules/cards/model.go has the same number

export default class BulkMove extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    openBulkMove.handle(this.#store, ({ listId }) => this.#open(listId), this.signal);
    this.#store.on('change', ({ view, previous }) => {
      if (this.#dialog.open && (view.cards !== previous.cards || view.lists !== previous.lists)) this.#show(this.#chosen);
    }, this.signal);
  }

  chooseAll(event, box) {
    for (const other of box.closest('section').querySelectorAll('li input')) other.checked = box.checked;
    this.chosen();
  }

  /** The choice has changed: the button shows the count, the position is after the cards that stay. */
  chosen() {
    const count = this.#chosen.length;
    for (const section of this.target('cards').children) markAll(section);
    this.target('main').disabled = count === 0;
    this.target('main').textContent = t('cards.js.bulkMove.main', { Count: count });
    this.listChosen();
  }

  /** The list has changed: the position is its end. */
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
    if (!this.target('keepOpen').checked) this.#dialog.close();
    this.#store.doAll(moves(ids, listId, place - 1));
    this.#store.emit('announce', t('cards.js.bulkMove.done', { Count: ids.length, List: view.lists.get(listId).name }));
    if (!this.#dialog.open) return;
    this.#show([]);
    // Shows the typed position as it was applied.
    this.target('place').value = String(place);
  }

  get #dialog() {
    return this.target('dialog');
  }

  get #chosen() {
    return [...this.target('cards').querySelectorAll('li input:checked')].map((box) => box.value);
  }

  // The number of positions for the first card.
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
    this.target('hint').textContent = t('cards.js.bulkMove.positions', { Count: this.#places });
  }
}

// As many operations as the server's limit needs; one act for the person.
function moves(ids, listId, pos) {
  return Array.from({ length: Math.ceil(ids.length / MAX_MOVED) }, (_, part) => (
    moveCards({ ids: ids.slice(part * MAX_MOVED, (part + 1) * MAX_MOVED), listId, pos: pos + part * MAX_MOVED })
  ));
}

function markAll(section) {
  const boxes = [...section.querySelectorAll('li input')];
  const count = boxes.filter((box) => box.checked).length;
  const all = section.querySelector('[data-all]');
  all.checked = count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
}
