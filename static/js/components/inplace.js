/**
 * `<ui-inplace>`: text that is changed where it stands. What another person saves meanwhile never replaces what is
 * being typed: a line says so and shows it on request, and saving then needs a second word. Emits `inplace-save` with
 * `{value, base}`; base is the text that the person has seen and replaces.
 *
 * `data-kind="line"`: Enter and leaving save. `data-kind="text"`: Ctrl or Cmd and Enter save, leaving keeps the draft.
 */
import { copyText } from '../lib/clipboard.js';
import { keyOf } from '../lib/keys.js';
import { toast } from './toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { showText } from '../lib/linkedText.js';

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
    const { text, base } = readOnly ? noDraft.get() : draft.get();
    if (!text || text === value) return;
    this.edit(null, null, text);
    this.#base = base ?? value;
    if (this.#base !== value) this.#warn();
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
    if (this.target('field').required && !value) {
      this.cancel();
      return;
    }
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

  cancel() {
    this.#draft.set('', '');
    this.#close();
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
    this.target('shown').hidden = false;
    this.#calm();
    if (hadFocus) this.target('opener').focus();
  }

  #key(event) {
    const key = keyOf(event);
    const enter = key === 'Enter' && (this.dataset.kind === 'line' || event.ctrlKey || event.metaKey);
    if (enter) this.save(event);
    if (key === 'Escape') {
      event.preventDefault();
      this.cancel();
    }
  }

  #left(event) {
    if (this.dataset.kind !== 'line' || !this.isEditing || this.contains(event.relatedTarget)) return;
    // With a foreign change in between it is not for us to decide by a stray click.
    if (!this.#isWarned && document.hasFocus()) this.save();
  }
}
