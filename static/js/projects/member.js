/**
 * `<projects-member>`: who is that? A face on the board says it when the mouse rests on it, when it is tapped on a card,
 * and for the card that has the focus at the key W. From one face of a card to the next it glides, also by arrow keys.
 */
import { avatar } from '../components/avatar.js';
import { keepNear } from '../components/menu.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { roleText } from './roles.js';
import { storeOf } from './store.js';

const REST = 350; // ms of the mouse on a face
const GRACE = 250; // ms for the way from the face to what it shows

export default class Member extends Element {
  #store;
  #face = null;
  #popup = null;
  #timer = null;
  #leave = () => {};

  connected() {
    this.#store = storeOf(this);
    const board = this.closest('projects-board');
    this.listen(board, 'pointerover', (event) => event.pointerType === 'mouse' && this.#over(event.target));
    this.listen(board, 'click', (event) => this.#tapped(event), { capture: true });
    this.#store.on('who', ({ card }) => this.#open(card.querySelector('[data-face]'), { focus: true }), this.signal);
    this.#store.on('change', ({ view, previous }) => view.members !== previous.members && this.close(), this.signal);
  }

  disconnected() {
    clearTimeout(this.#timer);
    this.close();
  }

  close() {
    if (this.#popup?.matches(':popover-open')) this.#popup.hidePopover();
  }

  #over(node) {
    clearTimeout(this.#timer);
    if (this.#popup?.contains(node)) return;
    const face = node.closest('[data-face]');
    if (face && face === this.#face) return;
    if (face && !this.#isBusy(face)) this.#timer = setTimeout(() => this.#open(face), this.#popup ? 0 : REST);
    else if (this.#popup && !this.#popup.contains(document.activeElement)) this.#timer = setTimeout(() => this.close(), GRACE);
  }

  #tapped(event) {
    const face = event.target.closest('.card [data-face]');
    if (!face) return;
    event.preventDefault();
    event.stopPropagation();
    this.#open(face, { focus: event.detail === 0 });
  }

  #open(face, { focus = false } = {}) {
    const person = this.#store.view.members.get(face?.dataset.face);
    if (!person || !face.isConnected) return;
    clearTimeout(this.#timer);
    this.#face = face;
    this.#popup ??= this.#makePopup(face.closest('dialog') ?? this);
    this.#popup.setAttribute('aria-label', person.name);
    this.#popup.replaceChildren(...this.#content(person));
    if (!this.#popup.matches(':popover-open')) this.#popup.showPopover();
    this.#leave();
    this.#leave = keepNear(face, this.#popup);
    if (focus) this.#popup.querySelector('a').focus();
  }

  // Beside an open window all else is inert, so the popup is made inside it.
  #makePopup(host) {
    const popup = el('div', { class: 'menu memberPopup', popover: 'auto', role: 'dialog' });
    popup.addEventListener('keydown', (event) => this.#key(event));
    popup.addEventListener('toggle', ({ newState }) => newState === 'closed' && this.#closed());
    host.append(popup);
    return popup;
  }

  #closed() {
    this.#leave();
    this.#leave = () => {};
    this.#popup?.remove();
    this.#popup = this.#face = null;
  }

  #content(person) {
    const chosen = this.#store.filter.members.includes(person.id);
    return [
      el('div', { class: 'memberPopupHead' }, avatar(person, { size: 'medium', named: false }),
        el('span', {}, el('a', { class: 'memberPopupName', dir: 'auto', href: person.goToUrl }, person.name), el('span', { class: 'muted small memberPopupRole' }, roleText(person.role)))),
      el('button', { class: 'btn btn-wide', type: 'button', 'aria-pressed': String(chosen), onclick: () => this.#filter(person) },
        chosen ? t('projects.js.member.all') : t('projects.js.member.filter')),
    ];
  }

  // What opens by itself must not close what somebody has opened.
  #isBusy(face) {
    const windows = document.querySelectorAll('dialog:modal');
    const top = windows.item(windows.length - 1);
    return this.#store.isHeld || document.querySelector(':popover-open:not(.memberPopup, .toasts)') !== null || (top !== null && !top.contains(face));
  }

  #filter(person) {
    this.close();
    this.#store.tell('filter-by', { member: person.id });
  }

  #key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[keyOf(event)];
    if (!step) return;
    const faces = [...this.#face.parentElement.querySelectorAll('[data-face]')];
    const next = faces[faces.indexOf(this.#face) + step];
    if (next) this.#open(next, { focus: true });
    event.preventDefault();
    event.stopPropagation();
  }
}
