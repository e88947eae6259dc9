/**
 * How cards are selected on the board: Ctrl or Cmd and a click, Shift and a click for all between, Ctrl and Space,
 * Shift and the arrows. While something is selected, a tap of a finger selects, too.
 */
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { cardsOf } from './boardState.js';
import { isTemporary } from './boardModel.js';
import { focusOn } from './focusing.js';

/** A click on a card; true if it was meant to select. Ctrl and Enter clicks, too: that is the way to a new tab. */
export function clickSelects(event, card, store) {
  if (event.detail === 0) return false;
  const id = card.dataset.cardId;
  if (event.shiftKey) extendSelection(store, id);
  else if (event.ctrlKey || event.metaKey || (event.pointerType === 'touch' && store.selection.size > 0)) toggleSelected(store, id);
  else return false;
  return true;
}

/** A key on a card; true if it was meant to select. */
export function keySelects(event, store) {
  const card = event.target.closest('[data-card-id]');
  if (!card || event.altKey) return false;
  const id = card.dataset.cardId;
  const key = keyOf(event);
  const commanded = event.ctrlKey || event.metaKey;
  if (key === ' ' && commanded && !event.shiftKey) toggleSelected(store, id);
  else if (event.shiftKey && !commanded && key === 'ArrowDown') reach(store, id, 1);
  else if (event.shiftKey && !commanded && key === 'ArrowUp') reach(store, id, -1);
  else return false;
  return true;
}

/** Selects a card or deselects it, and says so. What the server does not know yet cannot be selected. */
export function toggleSelected(store, id) {
  const card = store.view.cards.get(id);
  if (!card || isTemporary(id)) return;
  store.selection.toggle(id);
  speak(store, card);
}

function extendSelection(store, id) {
  const card = store.view.cards.get(id);
  if (!card || isTemporary(id)) return;
  store.selection.extendTo(id, seenIn(store, card.listId));
  speak(store, card);
}

// The selection grows, or shrinks, by the next card of the list.
function reach(store, id, step) {
  const card = store.view.cards.get(id);
  if (!card || isTemporary(id)) return;
  const order = seenIn(store, card.listId);
  const next = order[order.indexOf(id) + step];
  if (!store.selection.has(id)) store.selection.toggle(id);
  if (next === undefined) return;
  extendSelection(store, next);
  focusOn(document.getElementById(`c-${next}`));
}

function seenIn(store, listId) {
  return cardsOf(store.view, listId).filter((card) => store.shows(card) && !isTemporary(card.id)).map(({ id }) => id);
}

function speak(store, { id, name }) {
  const key = store.selection.has(id) ? 'cards.js.selection.on' : 'cards.js.selection.off';
  store.tell('announce', t(key, { Name: name, Count: store.selection.size }));
}
