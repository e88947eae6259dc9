/**
 * `<ui-inplace>`: text that is changed where it stands. What another person saves meanwhile never replaces what is
 * being typed: a line says so and shows it on request. Emits `inplace-save` with `{value}`.
 *
 * `data-kind="line"`: Enter and leaving save. `data-kind="text"`: Ctrl or Cmd and Enter save, leaving keeps the draft.
 */
import { Element } from '../lib/element.js';
import { showText } from '../lib/linkedText.js';

export default class Inplace extends Element {
  #value = '';
  #base = '';
  #draft = { get: () => '', set: () => {} };
  #readOnly = true;

  connected() {
    const field = this.target('field');
    // Directly, not by data-action: a dialog around must find its Escape already used.
    this.listen(field, 'keydown', (event) => this.#key(event));
    this.listen(field, 'input', () => this.#draft.set(field.value === this.#base ? '' : field.value));
    this.listen(this.target('form'), 'focusout', (event) => this.#left(event));
  }

  /**
   * Shows a text from the beginning, with the draft of it if there is one.
   *
   * @param {{value: string, readOnly: boolean, draft: {get: () => string, set: (text: string) => void}}} content
   */
  show({ value, readOnly, draft }) {
    this.#readOnly = readOnly;
    this.#draft = draft;
    this.#close();
    this.#display(value);
    const kept = readOnly ? '' : draft.get();
    if (kept && kept !== value) this.edit(null, null, kept);
  }

  /** Somebody has changed the text. */
  update(value) {
    if (value === this.#value) return;
    this.#display(value);
    if (!this.isEditing) return;
    if (this.target('field').value === this.#base) this.target('field').value = this.#base = value;
    else this.target('notice').hidden = value === this.#base;
  }

  get isEditing() {
    return !this.target('form').hidden;
  }

  edit(event, node, text = this.#value) {
    if (this.#readOnly || this.isEditing || event?.target.closest('a')) return;
    this.#base = this.#value;
    this.target('shown').hidden = true;
    this.target('form').hidden = false;
    this.target('field').value = text;
    // A draft that is found again does not take the focus.
    if (event) this.focusField();
  }

  focusField() {
    const field = this.target('field');
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  save(event) {
    event?.preventDefault();
    const value = this.target('field').value.trim();
    const required = this.target('field').required;
    if (required && !value) {
      this.cancel();
      return;
    }
    const changed = value !== this.#value;
    this.#close();
    this.#draft.set('');
    if (changed) this.emit('inplace-save', { value });
  }

  cancel() {
    this.#draft.set('');
    this.#close();
  }

  /** Shows what the other person wrote, under one's own text. */
  compare() {
    const theirs = this.target('theirs');
    theirs.hidden = !theirs.hidden;
    theirs.textContent = this.#value;
  }

  #display(value) {
    this.#value = value;
    if (this.dataset.kind === 'text') showText(this.target('text'), value);
    else this.target('text').textContent = value;
    this.target('empty')?.toggleAttribute('hidden', value !== '' || this.#readOnly);
    this.toggleAttribute('data-read-only', this.#readOnly);
    if (!this.target('theirs').hidden) this.target('theirs').textContent = value;
  }

  #close() {
    const hadFocus = this.target('form').contains(document.activeElement);
    this.target('form').hidden = true;
    this.target('field').value = '';
    this.target('shown').hidden = false;
    this.target('notice').hidden = true;
    this.target('theirs').hidden = true;
    if (hadFocus) this.target('opener').focus();
  }

  #key(event) {
    if (event.isComposing) return;
    const enter = event.key === 'Enter' && (this.dataset.kind === 'line' || event.ctrlKey || event.metaKey);
    if (enter) this.save(event);
    if (event.key === 'Escape') {
      event.preventDefault();
      this.cancel();
    }
  }

  #left(event) {
    if (this.dataset.kind !== 'line' || !this.isEditing || this.contains(event.relatedTarget)) return;
    // With a foreign change in between it is not for us to decide by a stray click.
    if (this.target('notice').hidden && document.hasFocus()) this.save();
  }
}
