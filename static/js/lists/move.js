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
    this.#store.on('change', ({ view, previous }) => this.#dialog.open && view.lists !== previous.lists && this.#follow(), this.signal);
  }

  /** The list was chosen: it stands at its own place. */
  chosen() {
    const list = this.#store.view.lists.get(this.target('list').value);
    if (list) this.target('place').value = String(list.pos);
  }

  move() {
    const list = this.#store.view.lists.get(this.target('list').value);
    const pos = Number(this.target('place').value);
    if (!this.target('keep').checked) this.#dialog.close();
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

  // Somebody has changed the lists: what is chosen here stays chosen.
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
