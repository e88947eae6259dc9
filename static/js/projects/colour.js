/** `<projects-colour>`: the colour of the board, changed by a click. @later */
import { SettingsPanel } from '../board/settingsPanel.js';
import { setColour } from './operations.js';

export default class Colour extends SettingsPanel {
  fill() {
    this.form.elements.colour.value = this.store.view.project.colour;
  }

  follow({ view, previous }) {
    if (view.project.colour !== previous.project.colour) this.fill();
  }

  choose({ target }) {
    if (target.value !== this.store.view.project.colour) this.store.do(setColour({ colour: target.value }));
  }

  save(event) {
    event.preventDefault();
    this.close();
  }
}
