/** `<home-badge>`: how much is new, on every page that does not show it anyway. */
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { connection } from '../lib/socket.js';

const MOST = 99; // that is shown
const STEPS = { receive_msg: 1, receive_friendship_request: 1, remove_friendship_request: -1 };

export default class Badge extends Element {
  #count = 0;
  #stop = [];

  connected() {
    this.#count = Number(this.dataset.count);
    const channel = connection().channel('/');
    this.#stop = [
      channel.onAny((name) => name in STEPS && this.#show(this.#count + STEPS[name])),
      // What came before there was a connection, or while it was lost, is asked for.
      channel.onConnect(() => this.#ask(channel)),
    ];
  }

  disconnected() {
    for (const stop of this.#stop) stop();
  }

  async #ask(channel) {
    const { count } = await channel.emit('count_notifications').catch(() => ({}));
    if (count !== undefined) this.#show(count);
  }

  #show(count) {
    this.#count = Math.max(0, count);
    const shown = Math.min(this.#count, MOST);
    const number = this.target('number');
    number.hidden = shown === 0;
    number.firstElementChild.textContent = String(shown);
    number.lastElementChild.textContent = t('home.js.news', { Count: shown });
  }
}
