/**
 * `<projects-connection>`: says when the connection is lost or the session has ended. While all is well it says
 * nothing.
 */
import { t } from '../lib/i18n.js';
import { Element } from '../lib/element.js';
import { storeOf } from './store.js';

const PATIENCE = 1000; // ms of loss nobody needs to hear of
const BACK_SHOWN = 2500; // ms

export default class Connection extends Element {
  #timer = null;
  #store;

  connected() {
    this.#store = storeOf(this);
    this.#store.on('state', (state) => this.#show(state), this.signal);
    this.#store.on('gone', (error) => this.#gone(error), this.signal);
    this.#store.on('change', ({ view }) => view.deleted && this.#leave('projects.js.deleted'), this.signal);
    if (this.#store.isLive) this.#wait();
  }

  disconnected() {
    clearTimeout(this.#timer);
  }

  #show(state) {
    clearTimeout(this.#timer);
    if (state === 'online') this.#online();
    else if (state === 'lost') this.#wait();
    else this.#ended();
  }

  #wait() {
    this.#timer = setTimeout(() => {
      const busy = this.#store.model.isBusy;
      this.#say(t(busy ? 'projects.js.connection.lostBusy' : 'projects.js.connection.lost'), 'lost');
    }, PATIENCE);
  }

  #online() {
    if (!this.target('bar').textContent) return;
    this.#say(t('projects.js.connection.back'), 'back');
    this.#timer = setTimeout(() => this.#say('', ''), BACK_SHOWN);
  }

  #ended() {
    this.#say('', '');
    const link = this.target('logIn');
    link.href = `/login?continue=${encodeURIComponent(location.pathname + location.search)}`;
    const dialog = this.target('ended');
    if (!dialog.open) dialog.showModal();
  }

  #gone({ code }) {
    if (code === 'unauthenticated') this.#ended();
    else this.#leave('projects.js.removed');
  }

  // Nothing on this page is ours any more.
  #leave(key) {
    this.#store.close();
    this.target('goneText').textContent = t(key);
    const dialog = this.target('gone');
    if (!dialog.open) dialog.showModal();
  }

  /** These dialogs have only one way out. */
  stay(event) {
    event.preventDefault();
  }

  #say(text, state) {
    const bar = this.target('bar');
    bar.textContent = text;
    bar.dataset.state = state;
  }
}
