/** `<cards-move>`: the dialog that moves a card, or several as one block, to a list and a position. @later */
import { showDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { openMoveCards } from '../board/commands.js';
import { cardsOf, listsOf } from '../board/model/boardState.js';
import { blockMove } from './operations.js';
import { storeOf } from '../board/store.js';
import { announceMove } from './actions.js';

export default class Move extends Element {
  #store;
  #ids = [];

  connected() {
    this.#store = storeOf(this);
    openMoveCards.handle(this.#store, ({ id, ids = [id] }) => this.#open(ids), this.signal);
  }

  /** The list has changed: offers its positions. */
  listChosen() {
    const { view } = this.#store;
    const listId = this.target('list').value;
    const count = cardsOf(view, listId).filter(({ id }) => !this.#ids.includes(id)).length + 1;
    const card = this.#ids.length === 1 ? view.cards.get(this.#ids[0]) : undefined;
    this.target('place').replaceChildren(...Array.from({ length: count }, (_, pos) => new Option(String(pos + 1), String(pos))));
    this.target('place').selectedIndex = card?.listId === listId ? card.pos : count - 1;
  }

  async #open(wanted) {
    const cards = wanted.map((id) => this.#card(id)).filter(Boolean);
    if (cards.length === 0) return;
    this.#ids = cards.map(({ id }) => id);
    this.target('cardName').textContent = cards.length === 1 ? cards[0].name : t('cards.js.several.cards', { Count: cards.length });
    this.target('list').replaceChildren(...listsOf(this.#store.view).map((list) => new Option(list.name, list.id)));
    this.target('list').value = cards[0].listId;
    this.listChosen();
    if (await showDialog(this.target('dialog')) === 'main') this.#move(this.target('list').value, Number(this.target('place').value));
  }

  #move(listId, pos) {
    const { view } = this.#store;
    const cards = this.#ids.map((id) => this.#card(id)).filter(Boolean);
    const operation = blockMove(view, { ids: cards.map(({ id }) => id), listId, pos });
    if (operation) this.#store.do(operation);
    if (cards.some(({ id }) => this.#store.selection.has(id))) this.#store.selection.clear();
    if (cards.length > 1) {
      this.#store.emit('announce', t('cards.js.bulkMove.done', { Count: cards.length, List: view.lists.get(listId)?.name ?? '' }));
    } else if (operation) announceMove(this.#store, cards[0], listId);
  }

  #card(id) {
    return this.#store.view.cards.get(this.#store.model.realId(id) ?? id);
  }
}
