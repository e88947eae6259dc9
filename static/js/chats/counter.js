/**
 * `<chats-counter>` in the header: how many messages are unread. All tabs of a person show the same number: an event only says
 * that it has changed, and the number is read.
 */
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { connection } from '../lib/socket.js';
import { coalesce } from '../lib/timing.js';

const MAX_SHOWN = 99;
const CHANGES = new Set(['receive_msg', 'successfully_sent_msg', 'msg_changed', 'chat_read', 'chat_muted', 'chat_group_removed', 'friend_removed', 'blocks_changed']);

export default class Counter extends Element {
  #stop = [];

  connected() {
    const channel = connection().channel('/');
    const count = coalesce(() => this.#count(channel));
    this.#stop = [
      channel.onAny((name) => CHANGES.has(name) && count()),
      // Events before the connection, or while it was lost, are missed.
      channel.onConnect(count),
    ];
  }

  disconnected() {
    for (const stop of this.#stop) stop();
  }

  async #count(channel) {
    const { count } = await channel.emit('count_unread_msgs').catch(() => ({}));
    if (count === undefined) return;
    const number = this.target('number');
    number.hidden = count === 0;
    number.firstElementChild.textContent = count > MAX_SHOWN ? `${MAX_SHOWN}+` : String(count);
    number.lastElementChild.textContent = t('chats.js.unreadCount', { Count: count });
  }
}
