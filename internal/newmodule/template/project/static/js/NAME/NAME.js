/** `<⟦.Name⟧-⟦.Name⟧>`: the dialog with the text of a project. @later */
import { BoardDialog } from '../board/boardDialog.js';
import { write⟦.Title⟧ } from './operations.js';

export default class ⟦.Title⟧ extends BoardDialog {
  fill() {
    this.#field.value = this.store.view.parts.⟦.Name⟧;
  }

  /** Another member has changed the text: what is typed stays. */
  follow({ view, previous }) {
    if (this.#field.value === previous.parts.⟦.Name⟧) this.#field.value = view.parts.⟦.Name⟧;
  }

  save(event) {
    event.preventDefault();
    if (this.#field.value !== this.store.view.parts.⟦.Name⟧) this.store.do(write⟦.Title⟧({ text: this.#field.value }));
    this.close();
  }

  get #field() {
    return this.form.elements.text;
  }
}
