/**
 * `<ui-inplace>`: text that is changed where it stands. What another person saves meanwhile never replaces what is
 * being typed: a line says so and shows it on request, and saving then needs a second word. Emits `inplace-save` with
 * `{value, base}`; base is the text that the person has seen and replaces.
 *
 * `data-kind="line"`: Enter and leaving save, Escape cancels. `data-kind="text"`: Ctrl or Cmd and Enter save, leaving
 * keeps the draft, and so does Escape: it closes the field, and a line under the text leads back to what was typed.
 */
import { copyText } from '../lib/clipboard.js';
import { keyOf } from '../lib/keys.js';
import { toast } from './toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { showText } from '../lib/linkedText.js';
import { cleanBlock, cleanLine, isVisible, lengthOf } from '../lib/text.js';

const noDraft = { get: () => ({ text: '', base: null }), set: () => {} };

export default class Inplace extends Element {
  #value = '';
  #base = '';
  #draft = noDraft;
  #readOnly = true;

  connected() {
    const field = this.target('field');
    // Directly, not by data-action: a dialog around must find its Escape already used.
    this.listen(field, 'keydown', (event) => this.#key(event));
    this.listen(field, 'input', () => this.#keep());
    this.listen(this.target('form'), 'focusout', (event) => this.#left(event));
  }

  /**
   * Shows a text from the beginning, with the draft of it if there is one.
   *
   * @param {object} content
   * @param {string} content.value
   * @param {boolean} content.readOnly
   * @param {{get: () => {text: string, base: string | null}, set: (text: string, base: string) => void}} content.draft
   *   base is the text the draft was begun from
   */
  show({ value, readOnly, draft }) {
    this.#readOnly = readOnly;
    this.#draft = draft;
    this.#close();
    this.#display(value);
    if (this.#unsaved !== null) this.#resume();
  }

  /**
   * Somebody has changed the text.
   *
   * @param {string} value
   * @param {string} [who] their name, where it is known
   */
  update(value, who) {
    if (value === this.#value) return;
    this.#display(value);
    if (!this.isEditing) return;
    if (this.target('field').value === this.#base) this.target('field').value = this.#base = value;
    else if (value === this.#base || value === this.target('field').value) this.#calm();
    else this.#warn(who);
  }

  get isEditing() {
    return !this.target('form').hidden;
  }

  /** The text, the word that stands for an empty one, or a button was clicked. Links are followed, marked text stays marked. */
  edit({ target }) {
    if (!target.closest('a') && !marksText(target)) this.begin();
  }

  /** Opens the field with the cursor in it, with the draft if there is one. */
  begin() {
    if (this.#readOnly) return;
    if (!this.isEditing && this.#unsaved !== null) this.#resume();
    else if (!this.isEditing) this.#open(this.#value, this.#value);
    this.focusField();
  }

  /** Drops the draft that Escape has kept. */
  discard() {
    this.#draft.set('', '');
    this.#showKept();
    this.target('opener').focus();
  }

  focusField() {
    const field = this.target('field');
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  save(event) {
    event?.preventDefault();
    const value = this.#cleaned.trim();
    if (this.target('field').required && !value) {
      this.cancel();
      return;
    }
    const problem = this.#problemOf(value);
    this.#complain(problem);
    if (problem) return;
    const foreign = this.#value;
    // Nobody replaces by a reflex what they have not seen.
    if (this.#isWarned && value !== foreign && this.target('theirs').hidden) {
      this.compare();
      return;
    }
    this.#draft.set('', '');
    const base = this.#isWarned ? foreign : this.#base;
    this.#close();
    if (value !== foreign) this.emit('inplace-save', { value, base });
  }

  get #cleaned() {
    const { value } = this.target('field');
    return this.dataset.kind === 'line' ? cleanLine(value) : cleanBlock(value);
  }

  // The same rules as the server's. What does not fit stays in the field, to be shortened there.
  #problemOf(value) {
    const { required, dataset } = this.target('field');
    const over = lengthOf(value) - Number(dataset.maxlength);
    if (required && !isVisible(value)) return t('projects.js.name.invisible');
    return over > 0 ? t('projects.js.name.tooLong', { Count: over }) : '';
  }

  #complain(text) {
    this.target('problem').textContent = text;
    this.target('problem').hidden = text === '';
  }

  cancel() {
    this.#draft.set('', '');
    this.#close();
  }

  // The draft, null if there is none that differs from the text.
  get #unsaved() {
    if (this.#readOnly) return null;
    const { text, base } = this.#draft.get();
    return text && text !== this.#value ? { text, base: base ?? this.#value } : null;
  }

  // A draft that is found again does not take the focus.
  #resume() {
    const { text, base } = this.#unsaved;
    this.#open(text, base);
    if (base !== this.#value) this.#warn();
  }

  #open(text, base) {
    this.#base = base;
    this.target('shown').hidden = true;
    this.target('form').hidden = false;
    this.target('field').value = text;
    this.#showKept();
  }

  #showKept() {
    const kept = this.target('kept');
    if (kept) kept.hidden = this.isEditing || this.#unsaved === null;
  }

  /** Shows what the other person wrote, under one's own text. */
  compare() {
    this.target('theirs').hidden = false;
    this.target('viewer').hidden = true;
    this.target('saver').textContent = t('projects.js.inplace.keepMine');
  }

  /** Drops one's own text in favour of the other's. */
  takeTheirs() {
    this.cancel();
  }

  async copyMine() {
    const field = this.target('field');
    field.select();
    if (await copyText(field.value)) toast(t('projects.js.inplace.copied'), { kind: 'success' });
  }

  get #isWarned() {
    return !this.target('notice').hidden;
  }

  #warn(who) {
    this.target('said').textContent = who ? t('projects.js.inplace.changedBy', { Name: who }) : t('projects.js.inplace.changed');
    this.target('notice').hidden = false;
  }

  #calm() {
    this.target('notice').hidden = this.target('theirs').hidden = true;
    this.target('viewer').hidden = false;
    this.target('saver').textContent = t('projects.js.inplace.save');
  }

  #keep() {
    const { value } = this.target('field');
    this.#complain('');
    this.#draft.set(value === this.#base ? '' : value, this.#base);
  }

  #display(value) {
    this.#value = value;
    if (this.dataset.kind === 'text') showText(this.target('text'), value);
    else this.target('text').textContent = value;
    this.target('empty')?.toggleAttribute('hidden', value !== '' || this.#readOnly);
    this.toggleAttribute('data-read-only', this.#readOnly);
    this.target('theirsText').textContent = value || t('projects.js.inplace.nothing');
  }

  #close() {
    const hadFocus = this.target('form').contains(document.activeElement);
    this.target('form').hidden = true;
    this.target('field').value = '';
    this.#complain('');
    this.target('shown').hidden = false;
    this.#calm();
    this.#showKept();
    if (hadFocus) this.target('opener').focus();
  }

  #key(event) {
    const key = keyOf(event);
    const enter = key === 'Enter' && (this.dataset.kind === 'line' || event.ctrlKey || event.metaKey);
    if (enter) this.save(event);
    if (key === 'Escape') {
      event.preventDefault();
      if (this.dataset.kind === 'line') this.cancel();
      else this.#close();
    }
  }

  #left(event) {
    if (this.dataset.kind !== 'line' || !this.isEditing || this.contains(event.relatedTarget)) return;
    // With a foreign change in between it is not for us to decide by a stray click.
    if (!this.#isWarned && document.hasFocus()) this.save();
  }
}

// Selecting text with the mouse ends with a click, too.
function marksText(node) {
  const marked = getSelection();
  return !marked.isCollapsed && marked.containsNode(node, true);
}
