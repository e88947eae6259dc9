/**
 * Draws lists and cards into the page, touching only what has changed. The elements the server has rendered are
 * taken over as they are. On a large board only the lists near what is seen have their cards in the page.
 */
import { cardsOf, listsOf } from './boardState.js';
import { Nearby } from './nearby.js';
import { reconcile } from '../lib/reconcile.js';
import { fillCard, markSelected } from '../cards/view.js';
import { fillList } from '../lists/view.js';

// A board with more cards than this is a large one; modules/cards/model.go has the same number.
const CARDS_AT_ONCE = 500;

export class BoardView {
  #container;
  #templates;
  #store;
  #nearby;
  #lists = new Map();
  #cards = new Map();

  /**
   * @param {HTMLElement} container holds the lists
   * @param {{list: HTMLTemplateElement, card: HTMLTemplateElement}} templates
   * @param {import('./store.js').BoardStore} store
   */
  constructor(container, templates, store) {
    this.#container = container;
    this.#templates = templates;
    this.#store = store;
    this.#nearby = new Nearby(container.parentElement, (element) => this.#cameOrWent(element));
    for (const list of listsOf(store.view)) this.#adopt(this.#lists, list, `l-${list.id}`);
    for (const card of store.view.cards.values()) this.#adopt(this.#cards, card, `c-${card.id}`);
  }

  /** Somebody has moved elements by hand: the next drawing looks at all of them. */
  distrust() {
    for (const entry of this.#lists.values()) entry.shown = null;
  }

  /** Shows the store's view. */
  draw() {
    const { view } = this.#store;
    const focus = this.#rememberFocus();
    const elements = listsOf(view).map((list) => this.#drawList(view, list));
    reconcile(this.#container, elements);
    this.#nearby.watch(elements);
    this.#forget(this.#lists, 'list', view.lists);
    this.#forget(this.#cards, 'card', view.cards);
    this.#restoreFocus(focus);
  }

  /** Nothing is watched any more. */
  close() {
    this.#nearby.stop();
  }

  #drawList(view, list) {
    const entry = this.#entry(this.#lists, 'list', list);
    const cards = cardsOf(view, list.id);
    if (entry.item !== list) fillList(entry.element, list);
    if (this.#isDrawn(entry.element)) this.#drawCards(view, entry, cards);
    const hidden = cards.filter((card) => !this.#store.shows(card)).length;
    const count = entry.element.querySelector('[data-part="count"]');
    const text = hidden > 0 ? `${cards.length - hidden}/${cards.length}` : String(cards.length);
    if (count.textContent !== text) count.textContent = text;
    entry.item = list;
    return entry.element;
  }

  // Before the first look at what is near, what the server has drawn stays.
  #isDrawn(element) {
    return this.#store.view.cards.size <= CARDS_AT_ONCE || this.#nearby.has(element) || Boolean(columnOf(element).firstElementChild);
  }

  #drawCards(view, entry, cards) {
    const column = columnOf(entry.element);
    const shown = cards.map((card) => this.#drawCard(view, card));
    if (!sameItems(entry.shown, shown)) {
      // What is being carried, or marks where it will land, is nobody's card and stays.
      const guests = this.#store.isHeld ? [...column.children].filter((child) => !shown.includes(child)) : [];
      reconcile(column, [...shown, ...guests]);
    }
    column.style.blockSize = '';
    entry.shown = shown;
  }

  #cameOrWent(element) {
    const { view } = this.#store;
    const list = view.lists.get(element.dataset.listId);
    const entry = list && this.#lists.get(this.#store.model.keyOf('list', list.id));
    if (entry?.element !== element || view.cards.size <= CARDS_AT_ONCE) return;
    if (!this.#nearby.has(element)) this.#putAway(entry);
    else if (!entry.shown) {
      this.#drawCards(view, entry, cardsOf(view, list.id));
      columnOf(element).scrollTop = entry.scrolled ?? 0;
    }
  }

  // Far away a list keeps its size and how far it was scrolled, and gives its cards up.
  #putAway(entry) {
    const column = columnOf(entry.element);
    if (this.#store.isHeld || entry.element.contains(document.activeElement)) return;
    entry.scrolled = column.scrollTop;
    column.style.blockSize = `${column.offsetHeight}px`;
    for (const card of column.children) this.#cards.delete(this.#store.model.keyOf('card', card.dataset.cardId));
    column.replaceChildren();
    entry.shown = null;
  }

  #drawCard(view, card) {
    const entry = this.#entry(this.#cards, 'card', card);
    if (entry.item !== card || entry.members !== view.members) {
      if (entry.item === null || !sameLook(entry.item, card) || entry.members !== view.members) fillCard(entry.element, card, view.members);
      Object.assign(entry, { item: card, members: view.members });
    }
    const selected = this.#store.selection.has(card.id);
    if (entry.selected !== selected) markSelected(entry.element, selected);
    entry.selected = selected;
    const hidden = !this.#store.shows(card);
    if (entry.element.hidden !== hidden) entry.element.hidden = hidden;
    return entry.element;
  }

  #entry(map, kind, item) {
    const key = this.#store.model.keyOf(kind, item.id);
    let entry = map.get(key);
    if (!entry) {
      entry = { element: this.#templates[kind].content.firstElementChild.cloneNode(true), item: null, shown: null, members: null, selected: false };
      map.set(key, entry);
    }
    return entry;
  }

  #adopt(map, item, id) {
    const element = document.getElementById(id);
    if (!element) return;
    // The server cannot count how many people are left over.
    const unfinished = element.querySelector(':scope [data-more]') && item.listId;
    map.set(item.id, { element, item: unfinished ? null : item, shown: null, members: this.#store.view.members, selected: false });
  }

  #forget(map, kind, alive) {
    const keys = new Set([...alive.keys()].map((id) => this.#store.model.keyOf(kind, id)));
    for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
  }

  // If what has the focus goes away, its neighbour gets it, not the page's beginning.
  #rememberFocus() {
    const focused = document.activeElement;
    const list = focused?.closest?.('[data-list-id]');
    if (!list || !this.#container.contains(list)) return null;
    const card = focused.closest('[data-card-id]');
    return { focused, neighbours: [...(card ? [...around(card), list] : []), ...around(list)] };
  }

  #restoreFocus(focus) {
    if (!focus || document.activeElement !== document.body) return;
    const neighbour = focus.neighbours.find((element) => element.isConnected && !element.hidden);
    // On the way to another list it was out of the page for a moment.
    const next = focus.focused.isConnected ? focus.focused : neighbour?.querySelector('[data-main]');
    next?.focus({ preventScroll: true });
  }
}

// What follows an element among what is seen beside it, then what precedes it, the nearest first.
function around(element) {
  const seen = [...element.parentElement.children].filter((other) => !other.hidden);
  const at = seen.indexOf(element);
  return [...seen.slice(at + 1), ...seen.slice(0, Math.max(at, 0)).reverse()];
}

function columnOf(list) {
  return list.querySelector('[data-cards]');
}

function sameItems(before, after) {
  return before !== null && before.length === after.length && before.every((element, index) => element === after[index]);
}

function sameLook(before, after) {
  return before.id === after.id && before.name === after.name && Boolean(before.desc) === Boolean(after.desc)
    && before.members === after.members && before.files === after.files;
}
