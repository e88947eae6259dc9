/**
 * `<projects-member>`: the popup about a member. It opens when the mouse rests on an avatar, when an avatar of a card is
 * tapped, and by the key W for the focused card. It moves to the next avatar of the card with the mouse or arrow keys.
 */
import { avatar } from '../components/avatar.js';
import { keepNear } from '../components/menu.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { handleOf } from '../lib/person.js';
import { filterBy, showMember } from '../board/commands.js';
import { chosenIn } from '../board/model/filterRule.js';
import { roleText } from '../board/view/roles.js';
import { storeOf } from '../board/store.js';

const REST = 350; // ms of the mouse on an avatar
const GRACE = 250; // ms for moving the mouse from the avatar to the popup

export default class Member extends Element {
  #store;
  #face = null;
  #popup = null;
  #timer = null;
  #leave = () => {};

  connected() {
    this.#store = storeOf(this);
    const board = this.closest('board-root');
    this.listen(board, 'pointerover', (event) => event.pointerType === 'mouse' && this.#over(event.target));
    this.listen(board, 'click', (event) => this.#tapped(event), { capture: true });
    showMember.handle(this.#store, ({ card }) => this.#open(card.querySelector('[data-face]'), { focus: true }), this.signal);
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

  // Outside an open dialog everything is inert, so the popup is created inside it.
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
    const chosen = chosenIn(this.#store.filter, 'members').includes(person.id);
    return [
      el('div', { class: 'memberPopupHead' }, avatar(person, { size: 'medium', named: false }),
        el('span', {}, el('a', { class: 'memberPopupName', dir: 'auto', href: person.goToUrl }, person.name), el('span', { class: 'muted small memberPopupRole' }, [handleOf(person), roleText(person.role)].filter(Boolean).join(' · ')))),
      el('button', { class: 'btn btn-wide', type: 'button', 'aria-pressed': String(chosen), onclick: () => this.#filter(person) },
        chosen ? t('projects.js.member.all') : t('projects.js.member.filter')),
    ];
  }

  // A popup on hover must not close another popover.
  #isBusy(face) {
    const windows = document.querySelectorAll('dialog:modal');
    const top = windows.item(windows.length - 1);
    return this.#store.isHeld || document.querySelector(':popover-open:not(.memberPopup, .toasts)') !== null || (top !== null && !top.contains(face));
  }

  #filter(person) {
    this.close();
    filterBy(this.#store, { facet: 'members', value: person.id });
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
