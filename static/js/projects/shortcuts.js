/** `<projects-shortcuts>`: single keys for what is done often, and the sheet that lists them. */
import { showDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { listsOf } from './boardState.js';
import { focusOn } from './focusing.js';
import { storeOf } from './store.js';

export default class Shortcuts extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    this.#store.on('open-keys', () => this.open(), this.signal);
    this.listen(document, 'keydown', (event) => this.#key(event));
  }

  open() {
    const sheet = this.target('sheet');
    if (!sheet.open) showDialog(sheet);
  }

  #key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog:modal, [role="menu"]:popover-open')) return;
    const action = this.#actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    if (action() !== false) event.preventDefault();
  }

  #actions = {
    '?': () => this.open(),
    f: () => this.#store.tell('open-filter', { at: 'members' }),
    '/': () => this.#store.tell('open-filter', { at: 'text' }),
    n: () => this.#compose(),
    l: () => this.#store.canWrite && this.#store.tell('compose-list'),
    e: () => this.#openCard('name'),
    m: () => this.#openCard('members'),
    w: () => this.#who(),
    ArrowDown: () => this.#enterBoard(),
    ArrowRight: () => this.#enterBoard(),
  };

  #compose() {
    if (!this.#store.canWrite) return false;
    const listId = document.activeElement.closest('[data-list-id]')?.dataset.listId ?? listsOf(this.#store.view)[0]?.id;
    if (listId === undefined) this.#store.tell('compose-list');
    else this.#store.tell('compose-card', { listId });
    return true;
  }

  #openCard(at) {
    const card = document.activeElement.closest('[data-card-id]');
    if (!card || !this.#store.canWrite) return false;
    this.#store.tell('open-card', { id: card.dataset.cardId, at });
    return true;
  }

  #who() {
    const card = document.activeElement.closest('[data-card-id]');
    if (!card?.querySelector('[data-face]')) return false;
    this.#store.tell('who', { card });
    return true;
  }

  // From nowhere the arrows lead onto the board.
  #enterBoard() {
    if (document.activeElement !== document.body) return false;
    const first = listsOf(this.#store.view)[0];
    if (!first) return false;
    const list = document.getElementById(`l-${first.id}`);
    focusOn(list.querySelector('[data-card-id]:not([hidden])') ?? list);
    return true;
  }
}

/** Whether keys pressed here are text. */
export function isTyping(target) {
  return target.matches?.('input, textarea, select, [contenteditable="true"]');
}
