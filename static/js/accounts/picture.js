/**
 * `<accounts-picture>` around one's picture in the header: updates it, one's name on the page (`data-own-name`), and the pictures
 * of friends when they change.
 */
import { avatar } from '../components/avatar.js';
import { Element } from '../lib/element.js';
import { toPerson } from '../lib/person.js';
import { connection } from '../lib/socket.js';

export default class Picture extends Element {
  #stop = () => {};

  connected() {
    this.#stop = connection().channel('/').onAny((name, [change]) => name === 'picture_changed' && this.#show(change));
  }

  disconnected() {
    this.#stop();
  }

  #show({ id, picUrl, name, displayName }) {
    const isOwn = id === Number(this.dataset.id);
    const person = { ...toPerson({ name, displayName }), picUrl };
    // Initials become a picture and the reverse, so the whole face is drawn again.
    for (const face of isOwn ? this.querySelectorAll('.avatar') : document.querySelectorAll(`#f-${id} .avatar`)) {
      const [, size] = face.className.match(/avatar-(\w+)/);
      face.replaceWith(avatar(person, { size, named: false }));
    }
    if (isOwn) for (const node of document.querySelectorAll('[data-own-name]')) node.textContent = person.name;
  }
}
