/** `<projects-board>`: the board. Draws what the store says, and turns hands on the board into operations. */
import { t } from '../lib/i18n.js';
import { Element } from '../lib/element.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { panSideways } from '../lib/pan.js';
import { oncePerFrame } from '../lib/timing.js';
import { toast } from '../components/toast.js';
import { wantedBy } from './address.js';
import { BoardView } from './boardView.js';
import { clickSelects, keySelects } from './choosing.js';
import { dragOnBoard } from './dragging.js';
import { Lifting } from './lifting.js';
import { moveFocus, RovingFocus } from './focusing.js';
import { giveBackTexts } from './returned.js';
import { storeOf } from './store.js';
import { touchedBy } from './touched.js';

export default class Board extends Element {
  #store;
  #view;
  #lifting;
  #roving;
  #touched = new Set();
  #draw = oncePerFrame(() => this.#drawNow());
  #stopDragging = () => {};

  connected() {
    const store = this.#store = storeOf(this);
    const container = this.target('lists');
    this.#view = new BoardView(container, { list: this.target('listTemplate'), card: this.target('cardTemplate') }, store);
    this.#roving = new RovingFocus(container, this.signal);
    this.#view.draw();
    this.#roving.settle();
    store.on('change', (change) => this.#changed(change), this.signal);
    store.on('released', () => this.#view.distrust(), this.signal);
    for (const name of ['filter', 'selection']) store.watch(name, () => this.#draw(), this.signal);
    store.on('refused', (error) => this.#refused(error), this.signal);
    store.on('conflict', (conflict) => this.#conflict(conflict), this.signal);
    giveBackTexts(store, this.signal);
    store.on('announce', (text) => { this.target('announcer').textContent = text; }, this.signal);
    if (store.canWrite) {
      this.#lifting = new Lifting(container, store);
      this.#stopDragging = dragOnBoard(this.target('scroller'), container, store);
      this.listen(this, 'focusout', (event) => event.relatedTarget && !container.contains(event.relatedTarget) && this.#lifting.cancel());
    }
    panSideways(this.target('scroller'), (target) => target === this.target('scroller') || target === container, this.signal);
    store.open();
    this.dataset.ready = '';
  }

  disconnected() {
    this.#stopDragging();
    this.#draw.cancel();
    this.#view.close();
    this.#store.close();
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
    if (this.#lifting && opensMenu(event)) return true;
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
    this.#roving.settle();
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

// The key for context menus, or its twin. Tab does not stop at the button of each card.
function opensMenu(event) {
  const { shiftKey, target } = event;
  const key = keyOf(event);
  if (key !== 'ContextMenu' && !(key === 'F10' && shiftKey)) return false;
  const item = target.closest('[data-card-id]') ?? target.closest('[data-list-id]');
  item?.querySelector('[aria-haspopup="menu"]').click();
  return Boolean(item);
}
