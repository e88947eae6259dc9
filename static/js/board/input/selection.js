/**
 * The selection of cards for bulk actions, and the ways to select: Ctrl or Cmd and a click, Shift and a click for a range,
 * Ctrl and Space, Shift and the arrows. While something is selected, a tap selects, too.
 */
import { t } from '../../lib/i18n.js';
import { keyOf } from '../../lib/keys.js';
import { isTemporary } from '../model/boardModel.js';
import { cardsOf } from '../model/boardState.js';
import { focusOn } from './focus.js';

/** Ids of cards. A card stays selected until it is removed, deselected or hidden. */
export class Selection {
  #ids = new Set();
  #anchor = null;
  #base = new Set();
  #changed;

  /** @param {() => void} changed called after every change */
  constructor(changed = () => {}) {
    this.#changed = changed;
  }

  get size() {
    return this.#ids.size;
  }

  /** In the order they were selected. */
  get ids() {
    return [...this.#ids];
  }

  has(id) {
    return this.#ids.has(id);
  }

  /** The cards that an action on one card applies to: the whole selection if the card is in it, else only the card. */
  targetsOf(id) {
    return this.has(id) ? this.ids : [id];
  }

  /** Selects a card or deselects it; the next range begins there. */
  toggle(id) {
    const ids = this.ids.filter((other) => other !== id);
    if (!this.has(id)) ids.push(id);
    this.#set(ids);
    this.#begin(id);
  }

  /**
   * Selects the range from the anchor to `id`, in place of the range selected before.
   *
   * @param {string} id
   * @param {string[]} order the cards of the list as they are shown
   */
  extendTo(id, order) {
    if (!order.includes(this.#anchor)) this.#begin(id);
    const ends = [order.indexOf(this.#anchor), order.indexOf(id)].sort((a, b) => a - b);
    this.#set([...this.#base, ...order.slice(ends[0], ends[1] + 1)]);
  }

  /** Deselects the cards that do not satisfy `isShown`. */
  retain(isShown) {
    if (this.size > 0) this.#set(this.ids.filter(isShown));
    if (this.#anchor !== null && !isShown(this.#anchor)) this.#anchor = null;
  }

  clear() {
    this.#set([]);
    this.#anchor = null;
  }

  #begin(id) {
    this.#anchor = id;
    this.#base = new Set(this.#ids);
  }

  #set(ids) {
    const before = this.#ids;
    this.#ids = new Set(ids);
    if (this.#ids.size !== before.size || ids.some((id) => !before.has(id))) this.#changed();
  }
}

/** Handles a click on a card; true if it selects. A click by Ctrl and Enter does not: it opens a new tab. */
export function clickSelects(event, card, store) {
  if (event.detail === 0) return false;
  const id = card.dataset.cardId;
  if (event.shiftKey) extendSelection(store, id);
  else if (event.ctrlKey || event.metaKey || (event.pointerType === 'touch' && store.selection.size > 0)) toggleSelected(store, id);
  else return false;
  return true;
}

/** Handles a key on a card; true if it selects. */
export function keySelects(event, store) {
  const card = event.target.closest('[data-card-id]');
  if (!card || event.altKey) return false;
  const id = card.dataset.cardId;
  const key = keyOf(event);
  const commanded = event.ctrlKey || event.metaKey;
  if (key === ' ' && commanded && !event.shiftKey) toggleSelected(store, id);
  else if (event.shiftKey && !commanded && key === 'ArrowDown') extendByOne(store, id, 1);
  else if (event.shiftKey && !commanded && key === 'ArrowUp') extendByOne(store, id, -1);
  else return false;
  return true;
}

/** Selects or deselects a card and announces it. A card without an id of the server cannot be selected. */
export function toggleSelected(store, id) {
  const card = store.view.cards.get(id);
  if (!card || isTemporary(id)) return;
  store.selection.toggle(id);
  announce(store, card);
}

function extendSelection(store, id) {
  const card = store.view.cards.get(id);
  if (!card || isTemporary(id)) return;
  store.selection.extendTo(id, shownIds(store, card.listId));
  announce(store, card);
}

// Extends or shrinks the selection by the next card of the list.
function extendByOne(store, id, step) {
  const card = store.view.cards.get(id);
  if (!card || isTemporary(id)) return;
  const order = shownIds(store, card.listId);
  const next = order[order.indexOf(id) + step];
  if (!store.selection.has(id)) store.selection.toggle(id);
  if (next === undefined) return;
  extendSelection(store, next);
  focusOn(document.getElementById(`c-${next}`));
}

function shownIds(store, listId) {
  return cardsOf(store.view, listId).filter((card) => store.shows(card) && !isTemporary(card.id)).map(({ id }) => id);
}

function announce(store, { id, name }) {
  const key = store.selection.has(id) ? 'cards.js.selection.on' : 'cards.js.selection.off';
  store.emit('announce', t(key, { Name: name, Count: store.selection.size }));
}
