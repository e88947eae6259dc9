/** `<ui-flash>`: shows the server's messages for this page, and the flash message of the previous page, as toasts. */
import { Element } from '../lib/element.js';
import { takeFlashMessage } from '../lib/flashMessage.js';
import { toast } from './toast.js';

export default class extends Element {
  connected() {
    const messages = this.targets('message').map((node) => node.querySelector('.flashText').textContent);
    for (const message of [...messages, takeFlashMessage()]) {
      if (message) toast(message, { kind: 'success' });
    }
    this.remove();
  }
}
