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
    return extensions.listedKeys
      .filter(({ on, forReaders }) => on === 'board' && (forReaders || this.#store.canWrite))
      .map(({ shown, help, run }) => ({ text: help(this.#store), keys: namesOfKeys(shown).join(' '), run: () => run(this.#store, this.#target) }))
      .filter(({ text }) => text);
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

  // The keys that modules add, before those of the board in general.
  #listKeys() {
    const rows = extensions.listedKeys.filter(({ forReaders }) => forReaders || this.#store.canWrite).map((entry) => [entry, entry.help(this.#store)]);
    this.target('general').before(...rows.filter(([, text]) => text).map(([{ shown }, text]) =>
      el('div', {}, el('dt', {}, ...namesOfKeys(shown).map((key) => el('kbd', {}, key))), el('dd', {}, text))));
  }
}

/** The names of keys as the sheet shows them; one that depends on the language is a function. */
function namesOfKeys(shown) {
  return [shown].flat().map((name) => (typeof name === 'function' ? name() : name));
}
