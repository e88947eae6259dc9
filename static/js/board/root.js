/** `<board-root>`: the board. Draws the state of the store and handles pointer and keyboard input. */
import { t } from '../lib/i18n.js';
import { Element } from '../lib/element.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { panSideways } from '../lib/pan.js';
import { oncePerFrame } from '../lib/timing.js';
import { toast } from '../components/toast.js';
import { openCard, openCardMenu, openList, runCommand } from './commands.js';
import { openDialogId } from './view/address.js';
import { BoardView } from './view/boardView.js';
import { BoardMotion } from './view/motion.js';
import { showMover } from './view/mover.js';
import { clickSelects, keySelects } from './input/selection.js';
import { dragOnBoard } from './input/dragging.js';
import { KeyboardDrag } from './input/keyboardDrag.js';
import { moveFocus, RovingFocus } from './input/focus.js';
import { showReturnedTexts } from './view/returnedTexts.js';
import { storeOf } from './store.js';
import { changedElementIds } from './view/changedElements.js';

export default class Board extends Element {
  #store;
  #view;
  #keyboardDrag;
  #roving;
  #changedIds = new Set();
  #movers = new Map(); // ids of elements → the member who has moved them
  #draw = oncePerFrame(() => this.#drawNow());
  #stopDragging = () => {};

  connected() {
    const store = this.#store = storeOf(this);
    const container = this.target('lists');
    const motion = new BoardMotion(this.target('scroller'), container);
    this.#view = new BoardView(container, { list: this.target('listTemplate'), card: this.target('cardTemplate') }, store, motion);
    this.#roving = new RovingFocus(container, this.signal);
    this.#view.draw();
    this.#roving.settle();
    store.on('change', (change) => this.#changed(change), this.signal);
    store.on('released', () => this.#view.invalidate(), this.signal);
    for (const name of ['filter', 'selection', 'collapsed', 'unsaved']) store.watch(name, () => this.#draw(), this.signal);
    store.on('refused', (error) => this.#refused(error), this.signal);
    store.on('conflict', (conflict) => this.#conflict(conflict), this.signal);
    showReturnedTexts(store, this.signal);
    store.on('announce', (text) => { this.target('announcer').textContent = text; }, this.signal);
    if (store.canWrite) {
      this.#keyboardDrag = new KeyboardDrag(container, store, motion);
      this.#stopDragging = dragOnBoard(this.target('scroller'), container, store, motion);
      this.listen(this, 'focusout', (event) => event.relatedTarget && !container.contains(event.relatedTarget) && this.#keyboardDrag.cancel());
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

  /** A click on a card opens it; with Ctrl or Shift it selects, or keeps its default where nothing can be selected. */
  openCard(event, card) {
    if (event.defaultPrevented || event.altKey || event.target.closest('button, [popover]')) return;
    const selects = this.#store.canWrite && clickSelects(event, card, this.#store);
    if (!selects && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    if (!selects) openCard(this.#store, { id: card.dataset.cardId });
  }

  /** The button on a card, and the right mouse button on all of it. */
  openCardMenu(event, node) {
    if (!this.#store.canWrite) return;
    const card = node.closest('[data-card-id]');
    event.preventDefault();
    event.stopPropagation();
    openCardMenu(this.#store, { id: card.dataset.cardId, anchor: card.querySelector('[data-part="menu"]') });
  }

  /** The pencil on a card. */
  renameCard(event, node) {
    event.stopPropagation();
    openCard(this.#store, { id: node.closest('[data-card-id]').dataset.cardId, at: 'name' });
  }

  /** A button whose value is a command. */
  command(event, button) {
    runCommand(this.#store, button.value);
  }

  /** Keys on lists and cards. */
  key(event) {
    if (event.target.matches('input, textarea, select')) return;
    if (!this.#takes(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #takes(event) {
    if (this.#keyboardDrag?.isActive) return !isCommand(event) && this.#keyboardDrag.key(event);
    if (this.#keyboardDrag && opensMenu(event)) return true;
    if (this.#keyboardDrag && keySelects(event, this.#store)) return true;
    return !isCommand(event) && (this.#keyboardDrag?.key(event) || moveFocus(event, this.target('lists')));
  }

  #changed({ view, previous, event }) {
    if (view.lists !== previous.lists) this.#store.collapsed.retain((id) => view.lists.has(id));
    const mover = event && moves.has(event.name) && this.#store.memberWhoDid(event);
    for (const id of event ? changedElementIds(event, previous, view) : []) {
      this.#changedIds.add(id);
      if (mover) this.#movers.set(id, mover);
    }
    this.#draw();
  }

  #drawNow() {
    if (this.#store.isHeld) return;
    this.#view.draw();
    this.#roving.settle();
    for (const id of this.#changedIds) this.#highlight(document.getElementById(id));
    for (const [id, mover] of this.#movers) showMover(document.getElementById(id), mover);
    this.#changedIds.clear();
    this.#movers.clear();
  }

  #highlight(element) {
    if (!element) return;
    element.classList.remove('justChanged');
    // Reading a size restarts an animation that is still running.
    void element.offsetWidth;
    element.classList.add('justChanged');
    element.addEventListener('animationend', () => element.classList.remove('justChanged'), { once: true });
  }

  // An open dialog shows both texts itself.
  #conflict({ kind, id }) {
    if (openDialogId(kind) === id) return;
    toast(t('projects.js.conflict'), {
      kind: 'warning', actionLabel: t('projects.js.conflictOpen'), onAction: () => (kind === 'card' ? openCard : openList)(this.#store, { id }),
    });
  }

  #refused(error) {
    if (error.code === 'unauthenticated') return;
    toast(error.message || t('projects.js.refused'), { kind: 'danger' });
  }
}

// The events after which the face of who did it is shown.
const moves = new Set(['update_cards_pos', 'update_list_pos', 'build_new_card', 'build_new_list']);

// The context menu key or Shift and F10: the menu buttons of cards are no tab stops.
function opensMenu(event) {
  const { shiftKey, target } = event;
  const key = keyOf(event);
  if (key !== 'ContextMenu' && !(key === 'F10' && shiftKey)) return false;
  const item = target.closest('[data-card-id]') ?? target.closest('[data-list-id]');
  item?.querySelector('[aria-haspopup="menu"]').click();
  return Boolean(item);
}
