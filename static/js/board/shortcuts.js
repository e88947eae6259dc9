/** `<board-shortcuts>`: single-key shortcuts, and the sheet that lists them and switches letters off. */
import { showDialog } from '../components/dialog.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { isCommand, isTyping, keyOf } from '../lib/keys.js';
import { letterKeysAreOn, switchLetterKeys } from '../lib/letterKeys.js';
import { openShortcuts } from './commands.js';
import { extensions } from './extensions.js';
import { storeOf } from './store.js';

export default class Shortcuts extends Element {
  #store;
  #letters = letterKeysAreOn();

  connected() {
    this.#store = storeOf(this);
    openShortcuts.handle(this.#store, () => this.open(), this.signal);
    this.listen(document, 'keydown', (event) => this.#key(event));
    this.target('letters').checked = this.#letters;
    this.#listKeys();
  }

  open() {
    const sheet = this.target('sheet');
    if (!sheet.open) showDialog(sheet);
  }

  switchLetters(event, box) {
    this.#letters = box.checked;
    switchLetterKeys(box.checked);
  }

  /** The shortcuts of the board that the sheet lists, for lists of commands: `{text, keys, run}`. */
  commands() {
    return this.#lines.filter(({ on }) => on === 'board').map(({ text, keys, run }) => ({ text, keys: keys.join(' '), run: () => run(this.#store, this.#target) }));
  }

  #key(event) {
    if (event.defaultPrevented || isCommand(event) || isTyping(event.target)) return;
    if (document.querySelector('dialog:modal, [role="menu"]:popover-open')) return;
    const key = keyOf(event);
    const isSign = key.length === 1;
    if (isSign && !this.#letters) return;
    const target = this.#target;
    for (const { on, forReaders, run } of extensions.keysFor(isSign ? key.toLowerCase() : key)) {
      if ((on === 'card' && target.card === undefined) || (!forReaders && !this.#store.canWrite)) continue;
      if (run(this.#store, target) === false) continue;
      event.preventDefault();
      return;
    }
  }

  // What a key applies to: the focused card, else the one selected last; with it all that are selected if it is one of them.
  get #target() {
    const { selection } = this.#store;
    const focusedCard = document.activeElement.closest('[data-card-id]')?.dataset.cardId;
    const focusedList = document.activeElement.closest('[data-list-id]')?.dataset.listId;
    const card = focusedCard ?? selection.ids.at(-1);
    const ids = card === undefined ? [] : [card, ...selection.targetsOf(card).filter((id) => id !== card)];
    return { card, ids, focusedCard, focusedList };
  }

  // What the sheet lists for this person, with the names of keys in their language.
  get #lines() {
    return extensions.keyHelp.filter(({ forReaders }) => forReaders || this.#store.canWrite)
      .map((line) => ({ ...line, text: line.help(this.#store), keys: [line.shown].flat().map((name) => (typeof name === 'function' ? name() : name)) }))
      .filter(({ text }) => text);
  }

  #listKeys() {
    this.target('keys').replaceChildren(...this.#lines.map(({ keys, text }) => (
      el('div', {}, el('dt', {}, ...keys.flatMap((key) => [el('kbd', {}, key), ' '])), el('dd', {}, text)))));
  }
}
