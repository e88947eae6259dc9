/** `<ui-password>` around a password field: adds the button that shows what is typed. */
import { el, icon } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';

export default class extends Element {
  connected() {
    const input = this.querySelector('input');
    const button = el('button', { class: 'fieldButton', type: 'button', 'aria-pressed': 'false', 'aria-label': t('ui.js.password.show'), title: t('ui.js.password.show') }, icon('eye'));
    input.classList.add('input-withButton');
    this.listen(button, 'click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(shown));
      button.replaceChildren(icon(shown ? 'eyeOff' : 'eye'));
    });
    // Otherwise the browser stores the shown password as ordinary text.
    if (input.form) this.listen(input.form, 'submit', () => { input.type = 'password'; }, { capture: true });
    this.append(button);
  }

  disconnected() {
    this.querySelector('.fieldButton')?.remove();
  }
}
