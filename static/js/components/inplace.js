/**
 * `<ui-inplace>`: text that is edited in place. A change by another person never replaces what is being typed: a notice
 * shows it on request, and saving then needs a confirmation. Emits `inplace-save` with `{value, base}`; base is the text that
 * the person has seen and replaces.
 *
 * `data-kind="line"`: Enter and blur save, Escape cancels. `data-kind="text"`: Ctrl or Cmd and Enter save, blur keeps the
 * draft, and so does Escape: it closes the field, and a line below the text leads back to the draft. The text is shown as
 * Markdown (richText.js), with a preview in the editor; its tasks can be checked without opening it. @later
 */
import { copyText } from '../lib/clipboard.js';
import { keyOf } from '../lib/keys.js';
import { MentionOffer } from './mentionOffer.js';
import { showRichText } from './richText.js';
import { toast } from './toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { cleanBlock, cleanLine, isVisible, lengthOf } from '../lib/text.js';

const noDraft = { get: () => ({ text: '', base: null }), set: () => {} };

export default class Inplace extends Element {
  #value = '';
  #base = '';
  #draft = noDraft;
  #readOnly = true;
  #people = () => [];

  connected() {
    if (this.dataset.kind === 'text') new MentionOffer(this.target('field'), () => this.#people(), { signal: this.signal });
    const form = this.target('form');
    // Directly, not by data-action: an enclosing dialog must see that Escape is used.
    this.listen(form, 'keydown', (event) => this.#key(event));
    this.listen(this.target('field'), 'input', () => this.#keep());
    this.listen(form, 'focusout', (event) => this.#left(event));
  }

  /**
   * Shows a text, and its draft if there is one.
   *
   * @param {object} content
   * @param {string} content.value
   * @param {boolean} content.readOnly
   * @param {{get: () => {text: string, base: string | null}, set: (text: string, base: string) => void}} content.draft
   *   base is the text that the draft edits
   * @param {() => {name: string, userName: string}[]} [content.people] who is offered behind an @
   */
  show({ value, readOnly, draft, people }) {
    this.#people = people ?? this.#people;
    this.#readOnly = readOnly;
    this.#draft = draft;
    this.#close();
    this.#display(value);
    if (this.#unsaved !== null) this.#resume();
  }

  /**
   * Updates the text after a change by another person.
   *
   * @param {string} value
   * @param {string} [who] the name of the person, if known
   */
  update(value, who) {
    if (value === this.#value) return;
    this.#display(value);
    if (!this.isEditing) return;
    if (this.target('field').value === this.#base) this.#replaceField(value);
    else if (value === this.#base || value === this.target('field').value) this.#calm();
    else this.#warn(who);
  }

  #replaceField(value) {
    this.target('field').value = this.#base = value;
    if (this.target('preview')) this.#showPreview(!this.target('preview').hidden);
  }

  get isEditing() {
    return !this.target('form').hidden;
  }

  /** Handles a click on the text, its placeholder or a button. Links and tasks work, and a text selection stays. */
  edit({ target }) {
    if (!target.closest('a, input') && !marksText(target)) this.begin();
  }

  /** Opens and focuses the field, with the draft if there is one. */
  begin() {
    if (this.#readOnly) return;
    if (!this.isEditing && this.#unsaved !== null) this.#resume();
    else if (!this.isEditing) this.#open(this.#value, this.#value);
    this.focusField();
  }

  /** Discards the draft that Escape has kept. */
  discard() {
    this.#draft.set('', '');
    this.#showKept();
    this.target('opener').focus();
  }

  /** Shows what the typed text will look like, or the field again. */
  preview() {
    const isShown = !this.target('preview').hidden;
    this.#showPreview(!isShown);
    if (isShown) this.target('field').focus();
  }

  #showPreview(on) {
    if (!this.target('preview')) return;
    this.target('preview').hidden = !on;
    this.target('field').hidden = on;
    this.target('previewer').ariaPressed = String(on);
    if (on) showRichText(this.target('preview'), this.#cleaned.trim() || t('ui.js.inplace.noPreview'));
  }

  focusField() {
    this.#showPreview(false);
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
    if (problem) {
      this.#showPreview(false);
      return;
    }
    const foreign = this.#value;
    // The first save shows the other text, the second replaces it.
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

  // The rules of the server. A text that violates them stays in the field.
  #problemOf(value) {
    const { required, dataset } = this.target('field');
    const over = lengthOf(value) - Number(dataset.maxlength);
    if (required && !isVisible(value)) return t('ui.js.name.invisible');
    return over > 0 ? t('ui.js.name.tooLong', { Count: over }) : '';
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

  // Restoring a draft does not take the focus.
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

  /** Shows the text of the other person below the own one. */
  compare() {
    this.target('theirs').hidden = false;
    this.target('viewer').hidden = true;
    this.target('saver').textContent = t('ui.js.inplace.keepMine');
  }

  /** Discards the own text in favour of the other one. */
  takeTheirs() {
    this.cancel();
  }

  async copyMine() {
    const field = this.target('field');
    field.select();
    if (await copyText(field.value)) toast(t('ui.js.inplace.copied'), { kind: 'success' });
  }

  get #isWarned() {
    return !this.target('notice').hidden;
  }

  #warn(who) {
    this.target('said').textContent = who ? t('ui.js.inplace.changedBy', { Name: who }) : t('ui.js.inplace.changed');
    this.target('notice').hidden = false;
  }

  #calm() {
    this.target('notice').hidden = this.target('theirs').hidden = true;
    this.target('viewer').hidden = false;
    this.target('saver').textContent = t('ui.js.inplace.save');
  }

  #keep() {
    const { value } = this.target('field');
    this.#complain('');
    this.#draft.set(value === this.#base ? '' : value, this.#base);
  }

  #display(value) {
    this.#value = value;
    if (this.dataset.kind === 'text') showRichText(this.target('text'), value, { onTask: this.#readOnly ? undefined : (changed) => this.#saveTask(changed) });
    else this.target('text').textContent = value;
    this.target('empty')?.toggleAttribute('hidden', value !== '' || this.#readOnly);
    this.toggleAttribute('data-read-only', this.#readOnly);
    this.target('theirsText').textContent = value || t('ui.js.inplace.nothing');
  }

  #saveTask(value) {
    this.emit('inplace-save', { value, base: this.#value });
  }

  #close() {
    const hadFocus = this.target('form').contains(document.activeElement);
    this.target('form').hidden = true;
    this.target('field').value = '';
    this.#showPreview(false);
    this.#complain('');
    this.target('shown').hidden = false;
    this.#calm();
    this.#showKept();
    if (hadFocus) this.target('opener').focus();
  }

  #key(event) {
    const key = keyOf(event);
    const saves = this.dataset.kind === 'line' ? event.target === this.target('field') : event.ctrlKey || event.metaKey;
    if (key === 'Enter' && saves) this.save(event);
    if (key === 'Escape') {
      event.preventDefault();
      if (this.dataset.kind === 'line') this.cancel();
      else this.#close();
    }
  }

  #left(event) {
    if (this.dataset.kind !== 'line' || !this.isEditing || this.contains(event.relatedTarget)) return;
    // After a change by another person, a blur must not decide which text is saved.
    if (!this.#isWarned && document.hasFocus()) this.save();
  }
}

// Selecting text with the mouse also ends with a click.
function marksText(node) {
  const marked = getSelection();
  return !marked.isCollapsed && marked.containsNode(node, true);
}
