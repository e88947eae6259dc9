/**
 * `<projects-address>` around the fields of a new project's title and address: the address is made from the title while it is
 * typed, until it is typed itself.
 */
import { Element } from '../lib/element.js';
import { readJSON } from '../lib/pageData.js';
import { slugOf } from './slug.js';

export default class Address extends Element {
  #made = '';

  connected() {
    // A title that was typed before the script had loaded.
    if (this.target('name').value === '') this.follow();
  }

  follow() {
    const name = this.target('name');
    if (name.value !== this.#made) return;
    const title = this.target('title').value.trim();
    this.#made = title === '' ? '' : slugOf(title, readJSON('invalidNames') ?? []);
    name.value = this.#made;
    name.dispatchEvent(new Event('input', { bubbles: true })); // the form looks at it again
  }
}
