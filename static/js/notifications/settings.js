/** `<notifications-settings>`: fills in the browser's time zone where none is known. @later */
import { Element } from '../lib/element.js';

export default class Settings extends Element {
  connected() {
    const zone = this.target('zone');
    if (zone.value === '') zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
  }
}
