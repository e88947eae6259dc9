/** `<cards-move>`: a card to any list and any place in it, by choosing. */
import { showDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { cardsOf, listsOf } from '../projects/boardState.js';
import { moveCard } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';
import { announceMove } from './menu.js';

export default class Move extends Element {
  #store;
  #id = null;

  connected() {
    this.#store = storeOf(this);
    this.#store.on('move-card', ({ id }) => this.#open(id), this.signal);
  }

  /** The list was chosen: the places are those of that list. */
  listChosen() {
    const { view } = this.#store;
    const card = view.cards.get(this.#id);
    const listId = this.target('list').value;
    const count = cardsOf(view, listId).filter((other) => other.id !== this.#id).length + 1;
    const here = card?.listId === listId ? card.pos : count - 1;
    this.target('place').replaceChildren(...Array.from({ length: count }, (_, pos) => new Option(String(pos + 1), String(pos))));
    this.target('place').selectedIndex = here;
  }

  async #open(id) {
    const { view } = this.#store;
    const card = view.cards.get(this.#store.model.realId(id) ?? id);
    if (!card) return;
    this.#id = card.id;
    this.target('cardName').textContent = card.name;
    this.target('list').replaceChildren(...listsOf(view).map((list) => new Option(list.name, list.id)));
    this.target('list').value = card.listId;
    this.listChosen();
    if (await showDialog(this.target('dialog')) !== 'main') return;
    const listId = this.target('list').value;
    const pos = Number(this.target('place').value);
    const now = this.#store.view.cards.get(card.id);
    if (!now || (now.listId === listId && now.pos === pos)) return;
    this.#store.do(moveCard({ id: card.id, listId, pos }));
    announceMove(this.#store, card, listId);
  }
}
