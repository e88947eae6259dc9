/** `<notifications-settings>`: fills in the browser's time zone where none is known, and turns notifications in this browser on and off. @later */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { stateOf, textOf, turnOff, turnOn } from './browser.js';

export default class Settings extends Element {
  connected() {
    const zone = this.target('zone');
    if (zone.value === '') zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
    if (this.target('pushState')) this.#change(stateOf);
  }

  turnOn() {
    this.#change(turnOn);
  }

  turnOff() {
    this.#change(turnOff);
  }

  async #change(change) {
    const buttons = [this.target('pushOn'), this.target('pushOff')];
    const hadFocus = buttons.includes(document.activeElement);
    let state;
    try {
      state = await change();
    } catch {
      toast(t('notifications.js.push.failed'), { kind: 'danger' });
      return;
    }
    this.target('pushState').textContent = textOf(state);
    this.target('pushOn').hidden = state !== 'off';
    this.target('pushOff').hidden = state !== 'on';
    if (hadFocus) buttons.find(({ hidden }) => !hidden)?.focus();
  }
}
