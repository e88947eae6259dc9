/**
 * Offers names while a text is typed: behind an @ a list of people appears, arrows choose, Enter or Tab inserts, Escape closes
 * the list alone. The field keeps the focus; screen readers follow `aria-activedescendant`. Keys that the list uses do not reach
 * listeners of elements around the field.
 */
import { el, uniqueId } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { matching, typedName } from '../lib/mentions.js';
import { keepNear } from './menu.js';

export class MentionOffer {
  #field;
  #people;
  #list = null;
  #found = [];
  #chosen = 0;
  #placement;
  #face;
  #leave = () => {};

  /**
   * @param {HTMLTextAreaElement} field
   * @param {() => {name: string, userName: string, picUrl?: string}[]} people
   * @param {object} options
   * @param {AbortSignal} options.signal
   * @param {import('@floating-ui/dom').Placement} [options.placement]
   * @param {(person: object) => Node | false} [options.face] a person's picture
   */
  constructor(field, people, { signal, placement = 'bottom-start', face = () => false }) {
    this.#field = field;
    this.#people = people;
    this.#placement = placement;
    this.#face = face;
    for (const moved of ['input', 'click']) field.addEventListener(moved, () => this.#offer(), { signal });
    field.addEventListener('keydown', (event) => this.#key(event), { signal });
    field.addEventListener('blur', () => this.close(), { signal });
  }

  #offer() {
    const { value, selectionStart, selectionEnd } = this.#field;
    const typed = selectionStart === selectionEnd ? typedName(value, selectionStart) : null;
    this.#found = typed === null ? [] : matching(this.#people(), typed);
    if (this.#found.length === 0) {
      this.close();
      return;
    }
    this.#chosen = 0;
    if (!this.#list) this.#open();
    this.#show();
  }

  #open() {
    this.#list = el('div', { class: 'menu mentionOffer', id: uniqueId('mentions'), role: 'listbox', 'aria-label': t('ui.js.mentions'), popover: 'manual' });
    this.#field.after(this.#list);
    this.#list.showPopover();
    this.#leave = keepNear(this.#field, this.#list, this.#placement, { sheet: false });
    this.#field.setAttribute('aria-autocomplete', 'list');
    this.#field.setAttribute('aria-controls', this.#list.id);
  }

  #show() {
    this.#list.replaceChildren(...this.#found.map((person, i) => {
      const option = el('div', { class: 'menuItem', id: `${this.#list.id}-${i}`, role: 'option', 'aria-selected': String(i === this.#chosen) },
        this.#face(person), el('span', { dir: 'auto' }, person.name), el('span', { class: 'muted' }, `@${person.userName}`));
      // Before the blur that a press causes.
      option.addEventListener('pointerdown', (event) => {
        event.preventDefault();
        this.#insert(person);
      });
      return option;
    }));
    this.#field.setAttribute('aria-activedescendant', `${this.#list.id}-${this.#chosen}`);
  }

  #key(event) {
    if (!this.#list) return;
    const key = keyOf(event);
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) this.#chosen = (this.#chosen + step + this.#found.length) % this.#found.length;
    if (step) this.#show();
    else if (key === 'Escape') this.close();
    else if ((key === 'Enter' || key === 'Tab') && !event.ctrlKey && !event.metaKey) this.#insert(this.#found[this.#chosen]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #insert({ userName }) {
    const at = this.#field.selectionStart;
    const from = at - (typedName(this.#field.value, at) ?? '').length;
    this.#field.setRangeText(`${userName} `, from, at, 'end');
    this.close();
    this.#field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Closes the list, if it is open. */
  close() {
    this.#leave();
    this.#list?.remove();
    this.#list = null;
    for (const name of ['aria-autocomplete', 'aria-controls', 'aria-activedescendant']) this.#field.removeAttribute(name);
  }
}
