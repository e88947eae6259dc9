/** `<home-star data-project="⟨id⟩">` in the head of a board: its star, which is one person's alone and the same in all their tabs. */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { connection } from '../lib/socket.js';

export default class Star extends Element {
  #stop = () => {};

  connected() {
    const project = Number(this.dataset.project);
    this.#stop = connection().channel('/').onAny((name, [star]) => name === 'project_star_changed' && star.id === project && this.#show(star.starred));
  }

  disconnected() {
    this.#stop();
  }

  /** Sets or removes the star. It is shown at once, and taken back if the server does not have it. */
  async toggle() {
    const button = this.target('button');
    if (button.getAttribute('aria-busy') === 'true') return;
    const starred = button.getAttribute('aria-pressed') !== 'true';
    this.#show(starred);
    button.setAttribute('aria-busy', 'true');
    try {
      await fetchJSON('/stars', { body: new URLSearchParams({ [starred ? 'star' : 'unstar']: this.dataset.project }) });
    } catch (error) {
      this.#show(!starred);
      toast(error.message, { kind: 'danger' });
    }
    button.removeAttribute('aria-busy');
  }

  #show(starred) {
    this.target('button').setAttribute('aria-pressed', String(starred));
  }
}
