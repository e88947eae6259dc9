/** `<ui-banners>`: the messages at the bottom of the screen. Each can be closed; the cookie notice comes until it was. */
import { getCookie, setCookie } from '../lib/cookies.js';
import { Element } from '../lib/element.js';

const COOKIE = 'cookie_msg_shown';

export default class extends Element {
  connected() {
    const notice = this.target('cookieNotice');
    if (notice && getCookie(COOKIE) !== 'true') notice.hidden = false;
  }

  close(event, button) {
    const banner = button.closest('[data-target~="banner"]');
    if (banner.matches('[data-target~="cookieNotice"]')) setCookie(COOKIE, 'true');
    banner.remove();
  }
}
