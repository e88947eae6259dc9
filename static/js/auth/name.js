/**
 * `<auth-name data-address="…">` around the field of a new name, inside a `<ui-form>`: asks while typing whether the
 * name is free, and says so below the field.
 */
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { debounce } from '../lib/timing.js';

const TYPING = 350; // ms

export default class extends Element {
  #ask = debounce(() => this.#lookUp(), TYPING);

  connected() {
    const field = this.#field;
    document.getElementById(`${field.id}-note`).setAttribute('aria-live', 'polite');
    this.listen(field, 'input', () => this.#ask());
  }

  disconnected() {
    this.#ask.cancel();
  }

  get #field() {
    return this.querySelector('input');
  }

  async #lookUp() {
    const field = this.#field;
    const name = field.value;
    if (!field.checkValidity()) return; // malformed: the form says so when the field is left
    const query = new URLSearchParams({ name });
    const answer = await fetchJSON(`${this.dataset.address}?${query}`, { signal: this.signal }).catch(() => null);
    if (!answer || field.value !== name) return; // typed on meanwhile; the server has the last word anyway
    this.closest('ui-form').say(field, answer.message, answer.free);
  }
}
