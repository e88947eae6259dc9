/**
 * `<board-connection>`: shows when the connection is lost, when the session has ended, and when the board is closed:
 * then a notice replaces the board. It shows nothing while the connection is up.
 */
import { t } from '../lib/i18n.js';
import { Element } from '../lib/element.js';
import { storeOf } from './store.js';

const LOSS_SHOWN_AFTER = 1000; // ms
const FIRST_SHOWN_AFTER = 5000; // ms; a page that opens slowly has lost nothing
const BACK_SHOWN = 2500; // ms

export default class Connection extends Element {
  #timer = null;
  #wasOnline = false;
  #store;

  connected() {
    this.#store = storeOf(this);
    this.#wait(FIRST_SHOWN_AFTER);
    this.#store.watch('connection', (state) => this.#show(state), this.signal);
    this.#store.watch('waiting', (why) => this.#waiting(why), this.signal);
    this.#store.watch('closed', (error) => this.#closed(error), this.signal);
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

  #wait(afterMs = LOSS_SHOWN_AFTER) {
    this.#timer = setTimeout(() => {
      const busy = this.#store.model.isBusy;
      this.#say(t(busy ? 'projects.js.connection.lostBusy' : 'projects.js.connection.lost'), 'lost');
    }, afterMs);
  }

  #online() {
    const isFirst = !this.#wasOnline;
    this.#wasOnline = true;
    if (isFirst) this.#say('', '');
    if (!this.target('bar').textContent) return;
    this.#say(t(this.#store.model.isBusy ? 'projects.js.connection.backBusy' : 'projects.js.connection.back'), 'back');
    this.#timer = setTimeout(() => this.#say('', ''), BACK_SHOWN);
  }

  // Connected, but operations have to wait.
  #waiting(why) {
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

  #closed({ code }) {
    if (code === 'unauthenticated') this.#ended();
    else this.#close(code === 'deleted' ? 'deleted' : 'closed');
  }

  // The notice replaces everything on the page, including open dialogs and the menu.
  #close(why) {
    this.#store.close();
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    const notice = this.target('closed').content.firstElementChild.cloneNode(true);
    for (const part of notice.querySelectorAll('[data-if]')) if (part.dataset.if !== why) part.remove();
    const logIn = notice.querySelector('[data-log-in]');
    if (logIn) this.#leadToLogIn(logIn);
    this.closest('board-root').replaceChildren(notice);
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
