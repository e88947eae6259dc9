/** `<lists-move>`: the dialog that moves a list to a position. @later */
import { showDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { openMoveList } from '../board/commands.js';
import { listsOf } from '../board/model/boardState.js';
import { moveList } from './operations.js';
import { storeOf } from '../board/store.js';
import { announceListMove } from './actions.js';

export default class Move extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    openMoveList.handle(this.#store, ({ id }) => this.#open(id), this.signal);
    this.#store.on('change', ({ view, previous }) => this.#dialog.open && view.lists !== previous.lists && this.#follow(), this.signal);
  }

  /** The list has changed: shows its position. */
  chosen() {
    const list = this.#store.view.lists.get(this.target('list').value);
    if (list) this.target('place').value = String(list.pos);
  }

  move() {
    const list = this.#store.view.lists.get(this.target('list').value);
    const pos = Number(this.target('place').value);
    if (!this.target('keepOpen').checked) this.#dialog.close();
    if (!list || list.pos === pos) return;
    this.#store.do(moveList({ id: list.id, pos }));
    announceListMove(this.#store, list.id, list.name);
  }

  get #dialog() {
    return this.target('dialog');
  }

  #open(id) {
    const { view } = this.#store;
    if (view.lists.size === 0 || this.#dialog.open) return;
    this.#show(this.#store.model.realId(id) ?? id);
    this.chosen();
    showDialog(this.#dialog);
  }

  // The lists have changed: the choice stays.
  #follow() {
    const place = this.target('place').value;
    this.#show(this.target('list').value);
    this.target('place').value = place;
    if (this.target('place').value !== place) this.chosen();
  }

  #show(id) {
    const lists = listsOf(this.#store.view);
    const choice = this.target('list');
    choice.replaceChildren(...lists.map((list) => new Option(list.name, list.id)));
    choice.value = id;
    if (choice.selectedIndex < 0) choice.selectedIndex = 0;
    this.target('place').replaceChildren(...lists.map((list, pos) => new Option(String(pos + 1), String(pos))));
  }
}
