/**
 * `<lists-composer>`: adds lists at the right end. The contract puts new lists first, so the new one is moved to the
 * end right after it exists; here it is shown at the end from the start.
 */
import { Element } from '../lib/element.js';
import { isFocusLost } from '../lib/focus.js';
import { keyOf } from '../lib/keys.js';
import { cleanLine } from '../lib/text.js';
import { nameProblem } from '../projects/nameRule.js';
import { createList, moveList } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';

const DRAFT = 'newList';
const LAST = 1_000_000; // clamped, here and by the server

export default class Composer extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    const draft = this.#draft.get();
    if (draft) this.#setOpen(true, draft);
    this.#store.on('draft', ({ name, text }) => name === DRAFT && this.#takeBack(text), this.signal);
    this.#store.on('compose-list', () => this.open(), this.signal);
    this.#store.on('change', ({ view }) => this.#showEmpty(view), this.signal);
    this.#showEmpty(this.#store.view);
    // On a new board this is the next step.
    if (this.#store.view.lists.size === 0 && isFocusLost()) this.target('opener').focus();
  }

  open() {
    // First the field, then the button goes: hiding what has the focus would count as leaving.
    this.target('form').hidden = false;
    this.target('field').focus();
    this.#setOpen(true, this.target('field').value);
    this.scrollIntoView({ inline: 'end', block: 'nearest' });
  }

  /** Puts the field away; what is typed stays in it, and the button that opens it says so. */
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
    this.#complain('');
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
    this.#complain(name ? problem : '');
    if (problem) return;
    field.value = '';
    this.#draft.set('');
    const operation = createList({ name });
    this.#store.do(operation);
    this.#store.do(moveList({ id: operation.temporaryId, pos: LAST }));
    requestAnimationFrame(() => this.scrollIntoView({ inline: 'end', block: 'nearest' }));
  }

  // A refused list comes back, unless another is being typed by now: this field holds one line.
  #takeBack(name) {
    const typed = this.target('field').value;
    if (typed.trim() && typed !== name) this.#store.keepReturned(name);
    else this.#setOpen(true, name);
    this.#draft.set(this.target('field').value);
  }

  #complain(text) {
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

  // On an empty board the composer explains itself.
  #showEmpty({ lists }) {
    this.target('hint').hidden = lists.size > 0;
  }
}
