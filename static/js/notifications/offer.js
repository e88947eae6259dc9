/**
 * `<notifications-offer>` beside the heading of the notifications: asks whether this browser should tell the person, once there is a
 * notification, and until they have answered. The browser's own question comes only after a click. @later
 */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { permission } from '../lib/push.js';
import { localStore } from '../lib/storage.js';
import { isOffered, renew, textOf, turnOn } from './browser.js';

const DISMISSED = 'pushOfferDismissed';

export default class Offer extends Element {
  async connected() {
    if (permission() === 'granted') await renew().catch(() => {}); // with the next page
    if (permission() !== 'default' || localStore.getItem(DISMISSED) || !document.querySelector('.feedEntry')) return;
    this.hidden = !await isOffered();
  }

  dismiss() {
    localStore.setItem(DISMISSED, '1');
    this.hidden = true;
  }

  async accept() {
    try {
      const state = await turnOn();
      toast(textOf(state), { kind: state === 'on' ? 'success' : 'info' });
      this.hidden = state !== 'off';
    } catch {
      toast(t('notifications.js.push.failed'), { kind: 'danger' });
    }
  }
}
