/**
 * Draws lists and cards into the page, touching only what has changed. The elements the server has rendered are
 * taken over as they are.
 */
import { cardsOf, listsOf } from './boardState.js';
import { reconcile } from '../lib/reconcile.js';
import { fillCard } from '../cards/view.js';
import { fillList } from '../lists/view.js';

export class BoardView {
  #container;
  #templates;
  #store;
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
    const lists = listsOf(view);
    reconcile(this.#container, lists.map((list) => this.#drawList(view, list)));
    this.#forget(this.#lists, 'list', view.lists);
    this.#forget(this.#cards, 'card', view.cards);
    this.#restoreFocus(focus);
  }

  #drawList(view, list) {
    const entry = this.#entry(this.#lists, 'list', list);
    const cards = cardsOf(view, list.id);
    if (entry.item !== list) fillList(entry.element, list);
    const shown = cards.map((card) => this.#drawCard(view, card));
    const hidden = cards.filter((card) => !this.#store.shows(card)).length;
    if (!sameItems(entry.shown, shown)) reconcile(entry.element.querySelector('[data-cards]'), shown);
    const count = entry.element.querySelector('[data-part="count"]');
    const text = hidden > 0 ? `${cards.length - hidden}/${cards.length}` : String(cards.length);
    if (count.textContent !== text) count.textContent = text;
    Object.assign(entry, { item: list, shown });
    return entry.element;
  }

  #drawCard(view, card) {
    const entry = this.#entry(this.#cards, 'card', card);
    if (entry.item !== card || entry.members !== view.members) {
      if (entry.item === null || !sameLook(entry.item, card) || entry.members !== view.members) fillCard(entry.element, card, view.members);
      Object.assign(entry, { item: card, members: view.members });
    }
    const hidden = !this.#store.shows(card);
    if (entry.element.hidden !== hidden) entry.element.hidden = hidden;
    return entry.element;
  }

  #entry(map, kind, item) {
    const key = this.#store.model.keyOf(kind, item.id);
    let entry = map.get(key);
    if (!entry) {
      entry = { element: this.#templates[kind].content.firstElementChild.cloneNode(true), item: null, shown: null, members: null };
      map.set(key, entry);
    }
    return entry;
  }

  #adopt(map, item, id) {
    const element = document.getElementById(id);
    if (!element) return;
    // The server cannot count how many people are left over.
    const unfinished = element.querySelector(':scope [data-more]') && item.listId;
    map.set(item.id, { element, item: unfinished ? null : item, shown: null, members: this.#store.view.members });
  }

  #forget(map, kind, alive) {
    const keys = new Set([...alive.keys()].map((id) => this.#store.model.keyOf(kind, id)));
    for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
  }

  // If what has the focus goes away, its neighbour gets it, not the page's beginning.
  #rememberFocus() {
    const focused = document.activeElement;
    const card = focused?.closest?.('[data-card-id]');
    if (!card || !this.#container.contains(card)) return null;
    return { focused, neighbours: [card.nextElementSibling, card.previousElementSibling, card.closest('[data-list-id]')] };
  }

  #restoreFocus(focus) {
    if (!focus || document.activeElement !== document.body) return;
    const heir = focus.neighbours.find((element) => element?.isConnected);
    // On the way to another list it was out of the page for a moment.
    const next = focus.focused.isConnected ? focus.focused : heir?.querySelector('a, button');
    next?.focus({ preventScroll: true });
  }
}

function sameItems(before, after) {
  return before !== null && before.length === after.length && before.every((element, index) => element === after[index]);
}

function sameLook(before, after) {
  return before.id === after.id && before.name === after.name && Boolean(before.desc) === Boolean(after.desc)
    && before.members === after.members && before.files === after.files;
}
