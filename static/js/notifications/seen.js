/** `<notifications-seen>`: answers, if this page is in the foreground, that the person sees it; then no browser of theirs is told. */
import { Element } from '../lib/element.js';
import { connection } from '../lib/socket.js';

export default class Seen extends Element {
  #stop;

  connected() {
    const channel = connection().channel('/');
    this.#stop = channel.onAny((name) => name === 'push_pending' && document.visibilityState === 'visible' && channel.emit('push_seen').catch(() => {}));
  }

  disconnected() {
    this.#stop();
  }
}
