/**
 * `<ui-form>` around a form: validates fields on blur and on submit, by the rules in their attributes, and shows the error in
 * place of the hint. Without this script the browser validates the same attributes.
 *
 * Rules: required, minlength, maxlength or data-maxlength (which accepts a longer paste and reports it), pattern,
 * data-email, data-same-as="⟨name of a field⟩", data-not-in="⟨id of a JSON script, or a key of the page's data⟩". The
 * message for a rule is data-error-⟨rule⟩, by default `ui.js.form.⟨rule⟩`.
 */
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { pageData, readJSON } from '../lib/pageData.js';
import { findProblem } from '../lib/validation.js';

const LOST_MS = 10_000;

export default class extends Element {
  #hints = new Map();
  #sentAt = 0;

  connected() {
    const form = this.#form;
    form.noValidate = true;
    this.listen(form, 'focusout', ({ target }) => this.#left(target));
    this.listen(form, 'input', ({ target }) => this.#typed(target));
    this.listen(form, 'submit', (event) => this.#submit(event));
    this.listen(window, 'pageshow', ({ persisted }) => persisted && this.#busy(false));
    form.querySelector('[aria-invalid="true"]')?.focus();
  }

  get #form() {
    return this.querySelector('form');
  }

  get #fields() {
    return [...this.#form.elements].filter((field) => noteOf(field));
  }

  // Leaving an empty field is no error.
  #left(field) {
    if (noteOf(field) && field.value !== '') this.#check(field);
  }

  // A correction is validated at once, also in the field that repeats this one.
  #typed(field) {
    if (!noteOf(field)) return;
    if (field.getAttribute('aria-invalid') === 'true') this.#check(field);
    for (const other of this.#fields) {
      if (other.dataset.sameAs === field.name && other.value !== '' && other.getAttribute('aria-invalid') === 'true') this.#check(other);
    }
  }

  #submit(event) {
    if (this.#isSent()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const bad = this.#fields.filter((field) => !this.#check(field));
    if (bad.length > 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      bad[0].focus();
    } else if (!event.defaultPrevented) {
      this.#busy(true);
      this.#sentAt = Date.now();
    }
  }

  // A second press sends nothing, unless the answer to the first seems to be lost.
  #isSent() {
    return this.hasAttribute('data-busy') && Date.now() - this.#sentAt < LOST_MS;
  }

  // Keyboards add a space after a suggested name.
  #trim(field) {
    if (field.type !== 'password' && field.autocomplete && field.value !== field.value.trim()) field.value = field.value.trim();
  }

  #check(field) {
    this.#trim(field);
    const problem = findProblem(field.value, rulesOf(field));
    this.show(field, problem ? textOf(field, problem) : '');
    return problem === null;
  }

  /** Shows a field's error in place of its hint; an empty text restores the hint. */
  show(field, text) {
    const note = noteOf(field);
    if (!this.#hints.has(note)) this.#hints.set(note, note.dataset.hint ?? note.textContent);
    note.textContent = text || this.#hints.get(note);
    note.classList.toggle('fieldNote-error', text !== '');
    note.classList.remove('fieldNote-good');
    field.setAttribute('aria-invalid', String(text !== ''));
  }

  /** Called by a script that handles the submit when it has finished: the form can be sent again. */
  settle() {
    this.#busy(false);
  }

  /** Shows below a field that its value is valid, or why not. */
  say(field, text, isGood) {
    this.show(field, isGood ? '' : text);
    const note = noteOf(field);
    note.classList.toggle('fieldNote-good', isGood);
    if (isGood) note.textContent = text;
  }

  #busy(isBusy) {
    this.toggleAttribute('data-busy', isBusy);
    for (const button of this.#form.querySelectorAll('[type="submit"]')) {
      if (isBusy) button.setAttribute('aria-busy', 'true');
      else button.removeAttribute('aria-busy');
    }
  }
}

function noteOf(field) {
  return field.id ? document.getElementById(`${field.id}-note`) : null;
}

function rulesOf(field) {
  const { dataset, form } = field;
  const number = (name) => (field.hasAttribute(name) ? Number(field.getAttribute(name)) : undefined);
  return {
    required: field.required,
    min: number('minlength'),
    max: number('maxlength') ?? number('data-maxlength'),
    pattern: field.getAttribute('pattern') ?? undefined,
    email: 'email' in dataset,
    sameAs: dataset.sameAs && form.elements[dataset.sameAs].value,
    notIn: dataset.notIn && (readJSON(dataset.notIn) ?? pageData()?.[dataset.notIn] ?? []),
  };
}

function textOf(field, { rule, Count }) {
  const own = field.getAttribute(`data-error-${rule.toLowerCase()}`);
  if (own) return own;
  switch (rule) {
    case 'required': return t('ui.js.form.required');
    case 'tooShort': return t('ui.js.form.tooShort', { Count });
    case 'tooLong': return t('ui.js.form.tooLong', { Count });
    case 'email': return t('ui.js.form.email');
    case 'same': return t('ui.js.form.same');
    case 'reserved': return t('ui.js.form.reserved');
    default: return t('ui.js.form.pattern');
  }
}
