/**
 * Draws lists and cards into the page, touching only what has changed. The elements the server has rendered are
 * taken over as they are. On a large board only the lists near what is seen have their cards in the page.
 */
import { cardsOf, listsOf } from '../model/boardState.js';
import { VisibleLists } from './visibleLists.js';
import { reconcile } from '../../lib/reconcile.js';
import { cardSchema } from '../../cards/schema.js';
import { fillCard, markSelected } from '../../cards/view.js';
import { fillList, markCollapsed } from '../../lists/view.js';

// A board with more cards than this is a large one; modules/cards/model.go has the same number.
const CARDS_AT_ONCE = 500;

export class BoardView {
  #container;
  #templates;
  #store;
  #visibleLists;
  #motion;
  #lists = new Map();
  #cards = new Map();

  /**
   * @param {HTMLElement} container holds the lists
   * @param {{list: HTMLTemplateElement, card: HTMLTemplateElement}} templates
   * @param {import('../store.js').BoardStore} store
   * @param {import('./motion.js').BoardMotion} motion
   */
  constructor(container, templates, store, motion) {
    this.#container = container;
    this.#templates = templates;
    this.#store = store;
    this.#motion = motion;
    this.#visibleLists = new VisibleLists(container.parentElement, (element) => this.#visibilityChanged(element));
    for (const list of listsOf(store.view)) this.#adopt(this.#lists, list, `l-${list.id}`);
    for (const card of store.view.cards.values()) this.#adopt(this.#cards, card, `c-${card.id}`);
  }

  /** Makes the next drawing compare all elements: a drag has moved some of them. */
  invalidate() {
    for (const entry of this.#lists.values()) entry.shown = null;
  }

  /** Shows the store's view. */
  draw() {
    const { view } = this.#store;
    const focus = this.#rememberFocus();
    this.#motion.note(this.#moving(view));
    const elements = listsOf(view).map((list) => this.#drawList(view, list));
    reconcile(this.#container, elements);
    this.#visibleLists.watch(elements);
    this.#forget(this.#lists, 'list', view.lists);
    this.#forget(this.#cards, 'card', view.cards);
    this.#motion.play();
    this.#restoreFocus(focus);
  }

  // What is about to get another place: lists whose cards are in another order, and whether lists are.
  #moving(view) {
    const lists = listsOf(view);
    const isElsewhere = (list, index) => this.#container.children[index]?.dataset.listId !== list.id || this.#entry(this.#lists, 'list', list).collapsed !== this.#store.collapsed.has(list.id);
    const columns = lists.map((list) => this.#lists.get(this.#store.model.keyOf('list', list.id)))
      .filter((entry) => entry?.item && !isInOrder(columnOf(entry.element), cardsOf(view, entry.item.id)));
    return { columns: columns.map(({ element }) => element), lists: lists.length !== this.#container.childElementCount || lists.some(isElsewhere) };
  }

  /** Stops watching what is visible. */
  close() {
    this.#visibleLists.stop();
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
    const collapsed = this.#store.collapsed.has(list.id);
    if (entry.collapsed !== collapsed) markCollapsed(entry.element, collapsed);
    Object.assign(entry, { item: list, collapsed });
    this.#markUnsaved(entry, 'list', list);
    return entry.element;
  }

  // Until the observer has reported, what the server has rendered stays.
  #isDrawn(element) {
    return this.#store.view.cards.size <= CARDS_AT_ONCE || this.#visibleLists.has(element) || Boolean(columnOf(element).firstElementChild);
  }

  #drawCards(view, entry, cards) {
    const column = columnOf(entry.element);
    const shown = cards.map((card) => this.#drawCard(view, card));
    if (!sameItems(entry.shown, shown)) {
      // The dragged element and the placeholder stay.
      const dragArtefacts = this.#store.isHeld ? [...column.children].filter((child) => !shown.includes(child)) : [];
      reconcile(column, [...shown, ...dragArtefacts]);
    }
    column.style.blockSize = '';
    entry.shown = shown;
  }

  #visibilityChanged(element) {
    const { view } = this.#store;
    const list = view.lists.get(element.dataset.listId);
    const entry = list && this.#lists.get(this.#store.model.keyOf('list', list.id));
    if (entry?.element !== element || view.cards.size <= CARDS_AT_ONCE) return;
    if (!this.#visibleLists.has(element)) this.#unload(entry);
    else if (!entry.shown) {
      this.#drawCards(view, entry, cardsOf(view, list.id));
      columnOf(element).scrollTop = entry.scrolled ?? 0;
    }
  }

  // A list far from the viewport keeps its size and scroll position, and removes its cards.
  #unload(entry) {
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
    const isOutdated = entry.members !== view.members || entry.parts !== view.parts;
    if (entry.item !== card || isOutdated) {
      if (entry.item === null || isOutdated || !looksAlike(entry.item, card)) fillCard(entry.element, card, view);
      Object.assign(entry, { item: card, members: view.members, parts: view.parts });
    }
    const selected = this.#store.selection.has(card.id);
    if (entry.selected !== selected) markSelected(entry.element, selected);
    entry.selected = selected;
    this.#markUnsaved(entry, 'card', card);
    const hidden = !this.#store.shows(card);
    if (entry.element.hidden !== hidden) entry.element.hidden = hidden;
    return entry.element;
  }

  #markUnsaved(entry, kind, item) {
    const unsaved = this.#store.canWrite && this.#store.unsavedTexts.has(kind, item);
    if (entry.unsaved === unsaved) return;
    entry.element.querySelector('[data-part="unsaved"]').hidden = !unsaved;
    entry.unsaved = unsaved;
  }

  #entry(map, kind, item) {
    const key = this.#store.model.keyOf(kind, item.id);
    let entry = map.get(key);
    if (!entry) {
      entry = { element: this.#templates[kind].content.firstElementChild.cloneNode(true), item: null, shown: null, members: null, parts: null, selected: false, collapsed: false, unsaved: false };
      map.set(key, entry);
    }
    return entry;
  }

  #adopt(map, item, id) {
    const element = document.getElementById(id);
    if (!element) return;
    // The server cannot count how many people are left over.
    const unfinished = element.querySelector(':scope [data-more]') && item.listId;
    const { members, parts } = this.#store.view;
    map.set(item.id, { element, item: unfinished ? null : item, shown: null, members, parts, selected: false, collapsed: element.classList.contains('list-collapsed'), unsaved: false });
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

// Of a list without elements it does not matter.
function isInOrder(column, cards) {
  const { children } = column;
  return children.length === 0 || (children.length === cards.length && cards.every((card, index) => children[index].dataset.cardId === card.id));
}

function columnOf(list) {
  return list.querySelector('[data-cards]');
}

function sameItems(before, after) {
  return before !== null && before.length === after.length && before.every((element, index) => element === after[index]);
}

// After the server has assigned an id, the element's id and links change.
function looksAlike(before, after) {
  return before.id === after.id && cardSchema.sameContent(before, after);
}
