/**
 * `<home-bell>` in the header: the number of unread notifications, and the notifications in a panel. All tabs of a person
 * show the same number: an event only says that it has changed, and the number is read.
 */
import { keepNear } from '../components/menu.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { fetchPage } from '../lib/http.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { connection } from '../lib/socket.js';
import { coalesce } from '../lib/timing.js';

const PAGE = '/notifications';
const MAX_SHOWN = 99;
const CHANGES = new Set([
  'receive_msg', 'receive_friendship_request', 'remove_friendship_request', 'now_collab_of_project', 'removed_as_collab_of_project', 'notifications_read',
  'notifications_changed', 'msg_changed', 'chat_read', 'chat_muted', 'chat_group_removed', 'friend_removed', 'blocks_changed',
]);

export default class Bell extends Element {
  #stop = [];
  #leave = null;

  connected() {
    const channel = connection().channel('/');
    const count = coalesce(() => this.#count(channel));
    this.#stop = [
      channel.onAny((name) => CHANGES.has(name) && count()),
      // Events before the connection, or while it was lost, are missed.
      channel.onConnect(count),
    ];
    const link = this.target('link');
    link.role = 'button';
    link.setAttribute('aria-haspopup', 'dialog');
    link.setAttribute('aria-expanded', 'false');
    this.listen(this.target('panel'), 'toggle', ({ newState }) => newState === 'closed' && this.#closed());
  }

  disconnected() {
    for (const stop of this.#stop) stop();
    this.#leave?.();
  }

  /** Opens or closes the panel; a click for a new tab stays one, and on the page of the notifications they are read again. */
  toggle(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || location.pathname === PAGE) return;
    event.preventDefault();
    const panel = this.target('panel');
    if (panel.matches(':popover-open')) panel.hidePopover();
    else this.#open(panel);
  }

  /** The space bar presses a button, not a link. */
  press(event) {
    if (keyOf(event) !== ' ') return;
    event.preventDefault();
    this.target('link').click();
  }

  #open(panel) {
    panel.replaceChildren(el('div', { class: 'bellWait', 'aria-busy': 'true' }, ...[1, 2, 3].map(() => el('span', { class: 'skeleton skeleton-line' }))));
    panel.showPopover();
    this.target('link').setAttribute('aria-expanded', 'true');
    this.#leave = keepNear(this.target('link'), panel, 'bottom-end');
    panel.focus();
    this.#fill(panel);
  }

  async #fill(panel) {
    let shown;
    try {
      shown = (await fetchPage(PAGE)).getElementById('notifications');
    } catch (error) {
      shown = el('p', { class: 'bellWait' }, error.message);
    }
    if (!shown) location.assign(PAGE); // signed out
    else if (panel.matches(':popover-open')) panel.replaceChildren(document.adoptNode(shown));
  }

  #closed() {
    this.#leave?.();
    this.#leave = null;
    const panel = this.target('panel');
    const hadFocus = panel.contains(document.activeElement);
    panel.replaceChildren();
    this.target('link').setAttribute('aria-expanded', 'false');
    if (hadFocus) this.target('link').focus();
  }

  async #count(channel) {
    const { count } = await channel.emit('count_notifications').catch(() => ({}));
    if (count !== undefined) this.#show(Math.min(count, MAX_SHOWN));
  }

  #show(count) {
    const number = this.target('number');
    number.hidden = count === 0;
    number.firstElementChild.textContent = String(count);
    number.lastElementChild.textContent = t('home.js.badge', { Count: count });
  }
}
