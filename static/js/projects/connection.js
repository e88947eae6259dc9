/**
 * `<projects-connection>`: says when the connection is lost, when the session has ended, and when the board is closed:
 * then that takes the board's place. While all is well it says nothing.
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
    this.#wait();
    this.#store.watch('state', (state) => this.#show(state), this.signal);
    this.#store.watch('outbox', (why) => this.#outbox(why), this.signal);
    this.#store.watch('gone', (error) => this.#gone(error), this.signal);
  }

  disconnected() {
    clearTimeout(this.#timer);
  }

  #show(state) {
    clearTimeout(this.#timer);
    this.dataset.state = state;
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
    this.#say(t(this.#store.model.isBusy ? 'projects.js.connection.backBusy' : 'projects.js.connection.back'), 'back');
    this.#timer = setTimeout(() => this.#say('', ''), BACK_SHOWN);
  }

  // Connected, but what was changed has to wait.
  #outbox(why) {
    if (this.dataset.state !== 'online') return;
    clearTimeout(this.#timer);
    if (why) this.#say(t(why === 'rateLimited' ? 'projects.js.connection.tooFast' : 'projects.js.connection.waiting'), 'lost');
    else this.#online();
  }

  #ended() {
    this.#say('', '');
    this.#leadToLogIn(this.target('logIn'));
    const dialog = this.target('ended');
    if (!dialog.open) dialog.showModal();
  }

  #gone({ code }) {
    if (code === 'unauthenticated') this.#ended();
    else this.#close(code === 'deleted' ? 'deleted' : 'closed');
  }

  // Nothing on this page is ours any more: the notice takes the place of everything, with open windows and the menu.
  #close(why) {
    this.#store.close();
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    const notice = this.target('closed').content.firstElementChild.cloneNode(true);
    for (const part of notice.querySelectorAll('[data-if]')) if (part.dataset.if !== why) part.remove();
    const logIn = notice.querySelector('[data-log-in]');
    if (logIn) this.#leadToLogIn(logIn);
    this.closest('projects-board').replaceChildren(notice);
    notice.querySelector('h1').focus();
  }

  #leadToLogIn(link) {
    link.href = `/login?continue=${encodeURIComponent(location.pathname + location.search)}`;
  }

  /** This dialog has only one way out. */
  stay(event) {
    event.preventDefault();
  }

  #say(text, state) {
    const bar = this.target('bar');
    bar.textContent = text;
    if (state) bar.dataset.state = state;
    else delete bar.dataset.state;
  }
}
