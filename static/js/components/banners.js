/**
 * `<ui-banners>`: the messages at the bottom of the screen, the server's and what the last page has left. Each can be
 * closed; the cookie notice comes until it was.
 */
import { getCookie, setCookie } from '../lib/cookies.js';
import { el, icon } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { takeMessage } from '../lib/handOver.js';
import { t } from '../lib/i18n.js';

const COOKIE = 'cookie_msg_shown';

export default class extends Element {
  connected() {
    const notice = this.target('cookieNotice');
    if (notice && getCookie(COOKIE) !== 'true') notice.hidden = false;
    const message = takeMessage();
    if (message) this.append(banner(message));
  }

  close(event, button) {
    const banner = button.closest('[data-target~="banner"]');
    if (banner.matches('[data-target~="cookieNotice"]')) setCookie(COOKIE, 'true');
    banner.remove();
  }
}

// The same markup as in templates/layouts/_banners.html.
function banner(message) {
  return el('section', { class: 'banner', 'data-target': 'banner', 'aria-label': t('ui.js.message') },
    icon('info'),
    el('p', { class: 'bannerText' }, message),
    el('button', { class: 'btn btn-quiet btn-icon', type: 'button', 'data-action': 'click:close', 'aria-label': t('ui.js.close') }, icon('close')));
}
