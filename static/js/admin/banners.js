/** `<admin-banners>`: what administrators of the site tell everyone, as it changes. */
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { connection } from '../lib/socket.js';

export default class Banners extends Element {
  #stop = null;

  connected() {
    this.#stop = connection().channel('/').onAny((name, [change]) => name === 'site_banners' && this.#show(change.banners));
  }

  disconnected() {
    this.#stop?.();
  }

  #show(banners) {
    this.replaceChildren(...banners.map(({ kind, text }) => el(
      'p', { class: kind ? `notice notice-${kind}` : 'notice' },
      el('span', { class: 'icon icon-info', 'aria-hidden': 'true' }), el('span', { dir: 'auto' }, text[document.documentElement.lang]),
    )));
  }
}
