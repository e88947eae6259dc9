/** `<projects-shortcuts>`: single keys for what is done often, and the sheet that lists them and switches letters off. */
import { showDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { letterKeysAreOn, switchLetterKeys } from '../lib/letterKeys.js';
import { listsOf } from './boardState.js';
import { toggleSelected } from './choosing.js';
import { focusOn } from './focusing.js';
import { storeOf } from './store.js';

export default class Shortcuts extends Element {
  #store;
  #letters = letterKeysAreOn();

  connected() {
    this.#store = storeOf(this);
    this.#store.on('open-keys', () => this.open(), this.signal);
    this.listen(document, 'keydown', (event) => this.#key(event));
    this.target('letters').checked = this.#letters;
  }

  open() {
    const sheet = this.target('sheet');
    if (!sheet.open) showDialog(sheet);
  }

  switchLetters(event, box) {
    this.#letters = box.checked;
    switchLetterKeys(box.checked);
  }

  #key(event) {
    if (event.defaultPrevented || isCommand(event) || isTyping(event.target)) return;
    if (document.querySelector('dialog:modal, [role="menu"]:popover-open')) return;
    const key = keyOf(event);
    const isSign = key.length === 1;
    const action = this.#actions[isSign ? key.toLowerCase() : key];
    if (!action || (isSign && !this.#letters)) return;
    if (action() !== false) event.preventDefault();
  }

  // What gives false has not used the key.
  #actions = {
    '?': () => this.open(),
    f: () => this.#store.tell('open-filter', {}),
    q: () => this.#store.view.members.has(this.#store.me) && this.#store.tell('filter-by', { member: this.#store.me }),
    x: () => this.#store.tell('clear-filter'),
    n: () => this.#compose(),
    l: () => this.#store.canWrite && this.#store.tell('compose-list'),
    e: () => this.#openCard(),
    t: () => this.#openCard(),
    m: () => this.#members(),
    s: () => this.#select(),
    c: () => this.#about('archive-cards'),
    ',': () => this.#about('carry-cards', { step: -1 }),
    '.': () => this.#about('carry-cards', { step: 1 }),
    '<': () => this.#about('carry-cards', { step: -1, toTop: true }),
    '>': () => this.#about('carry-cards', { step: 1, toTop: true }),
    w: () => this.#who(),
    ArrowDown: () => this.#enterBoard(),
    ArrowRight: () => this.#enterBoard(),
  };

  // The card a key is about: the one in focus, else the one selected last.
  get #card() {
    return this.#focusedCard ?? this.#store.selection.ids.at(-1);
  }

  get #focusedCard() {
    return document.activeElement.closest('[data-card-id]')?.dataset.cardId;
  }

  #compose() {
    if (!this.#store.canWrite) return false;
    const { view } = this.#store;
    const focusedList = document.activeElement.closest('[data-list-id]')?.dataset.listId;
    const after = focusedList === undefined ? this.#card : this.#focusedCard;
    const listId = focusedList ?? view.cards.get(after)?.listId ?? listsOf(view)[0]?.id;
    if (listId === undefined) this.#store.tell('compose-list');
    else this.#store.tell('compose-card', { listId, after });
    return true;
  }

  #openCard() {
    const id = this.#focusedCard;
    if (!id || !this.#store.canWrite) return false;
    this.#store.tell('open-card', { id, at: 'name' });
    return true;
  }

  #members() {
    const id = this.#card;
    if (!id || !this.#store.canWrite) return false;
    const ids = this.#store.selection.meantBy(id);
    if (ids.length > 1) this.#store.tell('members-of-cards', { ids });
    else this.#store.tell('open-card', { id, at: 'members' });
    return true;
  }

  #select() {
    const id = this.#focusedCard;
    if (!id || !this.#store.canWrite) return false;
    toggleSelected(this.#store, id);
    return true;
  }

  // Something that is done with the card in focus, or with all that are selected.
  #about(wish, more = {}) {
    const id = this.#card;
    if (!id || !this.#store.canWrite) return false;
    const others = this.#store.selection.meantBy(id).filter((other) => other !== id);
    this.#store.tell(wish, { ids: [id, ...others], ...more });
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
