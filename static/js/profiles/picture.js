/** `<profiles-picture>` around one's picture in the header: lets it, and the pictures of friends on the page, follow when they change. */
import { Element } from '../lib/element.js';
import { connection } from '../lib/socket.js';

export default class Picture extends Element {
  #stop = () => {};

  connected() {
    this.#stop = connection().channel('/').onAny((name, [change]) => name === 'picture_changed' && this.#show(change));
  }

  disconnected() {
    this.#stop();
  }

  #show({ id, picUrl }) {
    const isOwn = id === Number(this.dataset.id);
    const pictures = isOwn ? this.querySelectorAll('img') : document.querySelectorAll(`#f-${id} img`);
    for (const picture of pictures) picture.src = picUrl;
  }
}
