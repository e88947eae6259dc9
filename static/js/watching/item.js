/** `<watching-item>`: whether the viewer watches the card or list of a window, which calls `show`. @later */
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { connection } from '../lib/socket.js';
import { storeOf } from '../board/store.js';
import { isWatched, toggleWatch, toWatched } from './watched.js';

export default class Item extends Element {
  #store;
  #item = null;
  #stop = () => {};

  connected() {
    this.#store = storeOf(this);
    this.#store.on('watched', () => this.#draw(), this.signal);
    this.#stop = connection().channel('/').onAny((name, [data]) => {
      if (name === 'watched_changed' && String(data.projectId) === String(this.#store.view.project.id)) this.#store.set('watched', toWatched(data.watched));
    });
  }

  disconnected() {
    this.#stop();
  }

  /** Shows whether an item is watched. */
  show(item) {
    this.#item = item;
    this.#draw();
  }

  toggle() {
    toggleWatch(this.#store, this.dataset.kind, this.#item);
  }

  #draw() {
    if (!this.#item) return;
    const on = isWatched(this.#store, this.dataset.kind, this.#item.id);
    this.target('text').textContent = t(on ? 'watching.js.unwatch' : 'watching.js.watch');
    this.target('hint').hidden = !on;
  }
}
