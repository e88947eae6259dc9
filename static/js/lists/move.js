/** `<lists-move>`: a list to any place, by choosing. */
import { showDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { listsOf } from '../projects/boardState.js';
import { moveList } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';
import { announceListMove } from './header.js';

export default class Move extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    this.#store.on('move-list', ({ id }) => this.#open(id), this.signal);
  }

  async #open(id) {
    const { view } = this.#store;
    const list = view.lists.get(this.#store.model.realId(id) ?? id);
    if (!list) return;
    this.target('listName').textContent = list.name;
    this.target('place').replaceChildren(...listsOf(view).map((other, pos) => new Option(String(pos + 1), String(pos))));
    this.target('place').selectedIndex = list.pos;
    if (await showDialog(this.target('dialog')) !== 'main') return;
    const pos = Number(this.target('place').value);
    if (this.#store.view.lists.get(list.id)?.pos === pos) return;
    this.#store.do(moveList({ id: list.id, pos }));
    announceListMove(this.#store, list.id, list.name);
  }
}
