/** `<cards-transfer>`: several cards of a list, or all of them, to another list in one go. */
import { showDialog } from '../components/dialog.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { cardsOf, listsOf } from '../projects/boardState.js';
import { moveCards } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';

export default class Transfer extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    this.#store.on('move-cards', ({ listId }) => this.#open(listId), this.signal);
  }

  chooseAll(event, box) {
    for (const other of this.#boxes) other.checked = box.checked;
    this.chosen();
  }

  /** Something was ticked: the button says how many go. */
  chosen() {
    const count = this.#chosen.length;
    this.target('all').checked = count > 0 && count === this.#boxes.length;
    this.target('all').indeterminate = count > 0 && count < this.#boxes.length;
    this.target('main').disabled = count === 0;
    this.target('main').textContent = t('cards.js.transfer.main', { Count: count });
  }

  get #boxes() {
    return [...this.target('cards').querySelectorAll('input')];
  }

  get #chosen() {
    return this.#boxes.filter((box) => box.checked).map((box) => box.value);
  }

  async #open(listId) {
    const { view } = this.#store;
    const cards = cardsOf(view, listId).filter((card) => !card.id.startsWith('new'));
    this.target('cards').replaceChildren(...cards.map((card) => el('li', {}, el('label', { class: 'checkbox' },
      el('input', { type: 'checkbox', value: card.id, checked: true, 'data-action': 'change:chosen' }), el('span', {}, card.name)))));
    this.target('list').replaceChildren(...listsOf(view).map((list) => new Option(list.name, list.id)));
    this.target('list').selectedIndex = Math.max(0, listsOf(view).findIndex((list) => list.id !== listId));
    this.target('place').value = 'bottom';
    this.chosen();
    if (await showDialog(this.target('dialog')) !== 'main') return;
    const ids = this.#chosen.filter((id) => this.#store.view.cards.has(id));
    if (ids.length > 0) this.#send(ids, this.target('list').value);
  }

  #send(ids, listId) {
    const { view } = this.#store;
    const others = cardsOf(view, listId).filter((card) => !ids.includes(card.id)).length;
    const pos = this.target('place').value === 'top' ? 0 : others;
    this.#store.do(moveCards({ ids, listId, pos }));
    this.#store.tell('announce', t('cards.js.transfer.done', { Count: ids.length, List: view.lists.get(listId)?.name ?? '' }));
  }
}
