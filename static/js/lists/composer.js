/**
 * `<lists-composer>`: adds lists at the right end. The contract inserts new lists at the beginning, so a move to the end
 * follows; the page shows the list at the end from the start.
 */
import { Element } from '../lib/element.js';
import { isFocusLost } from '../lib/focus.js';
import { keyOf } from '../lib/keys.js';
import { cleanLine } from '../lib/text.js';
import { composeList } from '../board/commands.js';
import { nameProblem } from '../board/model/nameRule.js';
import { createList, moveList } from './operations.js';
import { storeOf } from '../board/store.js';

const DRAFT = 'newList';
const LAST = 1_000_000; // clamped, here and by the server

export default class Composer extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    const draft = this.#draft.get();
    if (draft) this.#setOpen(true, draft);
    this.#store.on('draft', ({ name, text }) => name === DRAFT && this.#restore(text), this.signal);
    composeList.handle(this.#store, () => this.open(), this.signal);
    this.#store.on('change', ({ view }) => this.#showEmpty(view), this.signal);
    this.#showEmpty(this.#store.view);
    // On an empty board the composer gets the focus.
    if (this.#store.view.lists.size === 0 && isFocusLost()) this.target('opener').focus();
  }

  open() {
    // The field is shown before the button is hidden: hiding the focused element causes a blur.
    this.target('form').hidden = false;
    this.target('field').focus();
    this.#setOpen(true, this.target('field').value);
    this.scrollIntoView({ inline: 'end', block: 'nearest' });
  }

  /** Hides the field. Typed text is kept as a draft, which the button that opens the field shows. */
  close() {
    const text = this.target('field').value.trim();
    if (!text) this.#draft.set('');
    this.#setOpen(false, text);
    this.target('opener').focus();
  }

  async left(event) {
    await null; // as in the cards' composer
    if (this.contains(event.relatedTarget) || this.contains(document.activeElement)) return;
    if (!this.target('field').value.trim()) this.#setOpen(false, '');
  }

  typed() {
    this.#showProblem('');
    this.#draft.set(this.target('field').value);
  }

  key(event) {
    if (keyOf(event) !== 'Escape') return;
    event.stopPropagation();
    this.close();
  }

  add(event) {
    event.preventDefault();
    const field = this.target('field');
    const name = cleanLine(field.value).trim();
    field.focus();
    const problem = nameProblem(name);
    this.#showProblem(name ? problem : '');
    if (problem) return;
    field.value = '';
    this.#draft.set('');
    const operation = createList({ name });
    this.#store.do(operation);
    this.#store.do(moveList({ id: operation.temporaryId, pos: LAST }));
    requestAnimationFrame(() => this.scrollIntoView({ inline: 'end', block: 'nearest' }));
  }

  // Restores a refused list, unless the field has another text: it holds one line.
  #restore(name) {
    const typed = this.target('field').value;
    if (typed.trim() && typed !== name) this.#store.refusedTexts.keep(name);
    else this.#setOpen(true, name);
    this.#draft.set(this.target('field').value);
  }

  #showProblem(text) {
    this.target('problem').textContent = text;
    this.target('problem').hidden = text === '';
  }

  get #draft() {
    return this.#store.drafts.ofComposer(DRAFT);
  }

  #setOpen(open, text) {
    this.target('form').hidden = !open;
    this.target('opener').hidden = open;
    this.target('field').value = text;
    this.target('kept').hidden = text === '';
  }

  // On an empty board the composer shows a hint.
  #showEmpty({ lists }) {
    this.target('hint').hidden = lists.size > 0;
  }
}
