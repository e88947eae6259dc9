/** `<projects-board>`: the board. Draws what the store says, and turns hands on the board into operations. */
import { t } from '../lib/i18n.js';
import { Element } from '../lib/element.js';
import { isCommand } from '../lib/keys.js';
import { oncePerFrame } from '../lib/timing.js';
import { toast } from '../components/toast.js';
import { wantedBy } from './address.js';
import { BoardView } from './boardView.js';
import { clickSelects, keySelects } from './choosing.js';
import { dragOnBoard } from './dragging.js';
import { Lifting } from './lifting.js';
import { moveFocus } from './focusing.js';
import { storeOf } from './store.js';
import { touchedBy } from './touched.js';

export default class Board extends Element {
  #store;
  #view;
  #lifting;
  #touched = new Set();
  #draw = oncePerFrame(() => this.#drawNow());
  #stopDragging = () => {};

  connected() {
    const store = this.#store = storeOf(this);
    const container = this.target('lists');
    this.#view = new BoardView(container, { list: this.target('listTemplate'), card: this.target('cardTemplate') }, store);
    this.#view.draw();
    store.on('change', (change) => this.#changed(change), this.signal);
    store.on('released', () => this.#view.distrust(), this.signal);
    for (const name of ['filter', 'selection']) store.on(name, () => this.#draw(), this.signal);
    store.on('refused', (error) => this.#refused(error), this.signal);
    store.on('conflict', (conflict) => this.#conflict(conflict), this.signal);
    store.on('announce', (text) => { this.target('announcer').textContent = text; }, this.signal);
    if (store.canWrite) {
      this.#lifting = new Lifting(container, store);
      this.#stopDragging = dragOnBoard(this.target('scroller'), container, store);
      this.listen(this, 'focusout', (event) => event.relatedTarget && !container.contains(event.relatedTarget) && this.#lifting.cancel());
    }
    this.#open();
    this.dataset.ready = '';
  }

  disconnected() {
    this.#stopDragging();
    this.#draw.cancel();
    this.#view.close();
    this.#store.close();
  }

  // Whoever tells people about the connection must be awake before there is anything to tell.
  async #open() {
    await customElements.whenDefined('projects-connection');
    if (this.isConnected) this.#store.open();
  }

  /** A click anywhere on a card opens it; with Ctrl or Shift it selects, or is the browser's where nothing can be selected. */
  openCard(event, card) {
    if (event.defaultPrevented || event.altKey || event.target.closest('button, [popover]')) return;
    const selects = this.#store.canWrite && clickSelects(event, card, this.#store);
    if (!selects && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    if (!selects) this.#store.tell('open-card', { id: card.dataset.cardId });
  }

  /** The button on a card, and the right mouse button on all of it. */
  openCardMenu(event, node) {
    if (!this.#store.canWrite) return;
    const card = node.closest('[data-card-id]');
    event.preventDefault();
    event.stopPropagation();
    this.#store.tell('card-menu', { id: card.dataset.cardId, anchor: card.querySelector('[data-part="menu"]') });
  }

  /** A button whose value is a wish of the store. */
  wish(event, button) {
    this.#store.tell(button.value, {});
  }

  /** Keys on lists and cards. */
  key(event) {
    if (event.target.matches('input, textarea, select')) return;
    if (!this.#takes(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #takes(event) {
    if (this.#lifting?.isGoingOn) return !isCommand(event) && this.#lifting.key(event);
    if (this.#lifting && keySelects(event, this.#store)) return true;
    return !isCommand(event) && (this.#lifting?.key(event) || moveFocus(event, this.target('lists')));
  }

  #changed({ view, previous, event }) {
    if (event) for (const id of touchedBy(event, previous, view)) this.#touched.add(id);
    this.#draw();
  }

  #drawNow() {
    if (this.#store.isHeld) return;
    this.#view.draw();
    for (const id of this.#touched) this.#highlight(document.getElementById(id));
    this.#touched.clear();
  }

  #highlight(element) {
    if (!element) return;
    element.classList.remove('justChanged');
    // Reading a size starts the animation anew where one is still running.
    void element.offsetWidth;
    element.classList.add('justChanged');
    element.addEventListener('animationend', () => element.classList.remove('justChanged'), { once: true });
  }

  // An open window shows both texts by itself.
  #conflict({ kind, id }) {
    if (wantedBy(kind) === id) return;
    toast(t('projects.js.conflict'), {
      kind: 'warning', actionLabel: t('projects.js.conflictOpen'), onAction: () => this.#store.tell(`open-${kind}`, { id }),
    });
  }

  #refused(error) {
    if (error.code === 'unauthenticated') return;
    toast(error.message || t('projects.js.refused'), { kind: 'danger' });
  }
}
