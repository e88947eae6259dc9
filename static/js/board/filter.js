/** `<board-filter>`: hides cards by text and facets, shows the count, and keeps the filter in the address. */
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { Element } from '../lib/element.js';
import { keyOf } from '../lib/keys.js';
import { rememberPlace } from '../lib/focus.js';
import { debounce } from '../lib/timing.js';
import { clearFilter, filterBy, openFilter } from './commands.js';
import { extensions } from './extensions.js';
import { chosenIn, countShown, isFiltering, matchesAny, noFilter, queryWith } from './model/filterRule.js';
import { storeOf } from './store.js';

export default class Filter extends Element {
  #store;
  #cameFrom = null;
  #typed = debounce(() => this.#apply(), 120);

  connected() {
    this.#store = storeOf(this);
    this.target('text').value = this.#store.filter.text;
    this.#showFacets();
    this.#store.on('change', (change) => this.#changed(change), this.signal);
    openFilter.handle(this.#store, () => this.open(), this.signal);
    clearFilter.handle(this.#store, () => this.#empty(), this.signal);
    filterBy.handle(this.#store, ({ facet, value }) => this.#toggle(facet, value), this.signal);
    if (isFiltering(this.#store.filter)) this.#setOpen(true);
    this.#showCount();
  }

  disconnected() {
    this.#typed.cancel();
  }

  /** Shows the bar and focuses its field. */
  open() {
    if (!this.contains(document.activeElement)) this.#cameFrom = rememberPlace(document.activeElement);
    this.#setOpen(true);
    this.target('text').focus();
  }

  type() {
    this.#typed();
  }

  choose() {
    this.#apply();
  }

  /** Removes the filter; the bar stays. */
  clear() {
    this.#empty();
    this.target('text').focus();
  }

  /** Removes the filter, hides the bar and restores the focus. */
  close() {
    this.#empty();
    this.#setOpen(false);
    (this.#cameFrom ?? rememberPlace(this))()?.focus({ preventScroll: true });
  }

  key(event) {
    if (keyOf(event) !== 'Escape') return;
    event.stopPropagation();
    this.close();
  }

  #empty() {
    this.target('text').value = '';
    for (const box of this.querySelectorAll('[data-facet] input')) box.checked = false;
    this.#apply();
  }

  // Adds a value to a facet, or removes it.
  #toggle(facet, value) {
    const box = this.#boxes(facet).find((each) => each.value === value);
    if (!box) return;
    box.checked = !box.checked;
    this.#setOpen(true);
    this.#apply();
  }

  #setOpen(open) {
    this.target('bar').hidden = !open;
  }

  #apply() {
    this.#typed.cancel();
    const text = this.target('text').value.trim();
    const filter = { text };
    for (const { name } of extensions.facets) {
      const chosen = this.#boxes(name).filter((box) => box.checked).map((box) => box.value);
      if (chosen.length > 0) filter[name] = chosen;
    }
    const any = extensions.facets.filter(({ name }) => filter[name] && this.#anyBox(name)?.checked).map(({ name }) => name);
    if (any.length > 0) filter.any = any;
    this.#store.setFilter(isFiltering(filter) ? filter : noFilter);
    history.replaceState(history.state, '', location.pathname + queryWith(location.search, this.#store.filter));
    this.#showCount();
  }

  #changed({ view, previous }) {
    if (view.members !== previous.members || view.parts !== previous.parts) this.#showFacets();
    if (view.cards !== previous.cards) this.#showCount();
  }

  #showFacets() {
    for (const facet of extensions.facets) {
      const group = this.#group(facet);
      const choices = facet.choices(this.#store.view);
      const focused = group.contains(document.activeElement) ? document.activeElement.value : undefined;
      group.replaceChildren(...choices.map((choice) => this.#choice(facet, choice)), ...(facet.hasAny ? [this.#anySwitch(facet)] : []));
      group.hidden = choices.length === 0;
      if (focused !== undefined) this.#boxes(facet.name).find(({ value }) => value === focused)?.focus();
    }
    this.#showAny();
  }

  #group({ name, label }) {
    let group = this.target('facets').querySelector(`[data-facet="${name}"]`);
    if (!group) {
      group = el('div', { class: 'filterFacet', role: 'group', 'aria-label': label(), 'data-facet': name });
      this.target('facets').append(group);
    }
    return group;
  }

  #choice({ name }, { value, text, picture }) {
    const choice = this.target('choiceTemplate').content.firstElementChild.cloneNode(true);
    const box = choice.querySelector('input');
    box.value = value;
    box.checked = chosenIn(this.#store.filter, name).includes(value);
    choice.querySelector('[data-part="name"]').textContent = text;
    if (picture) choice.querySelector('[data-part="pic"]').replaceChildren(picture);
    else choice.classList.add('filterChoice-text');
    return choice;
  }

  // All chosen values, or any of them.
  #anySwitch({ name }) {
    const box = el('input', { type: 'checkbox', 'data-any': true, 'data-action': 'change:choose' });
    box.checked = matchesAny(this.#store.filter, name);
    return el('label', { class: 'checkbox filterAny' }, box, el('span', {}, t('projects.js.filter.any')));
  }

  #showAny() {
    for (const { name } of extensions.facets) {
      const box = this.#anyBox(name);
      if (box) box.closest('label').hidden = chosenIn(this.#store.filter, name).length < 2;
    }
  }

  #showCount() {
    const { filter, view } = this.#store;
    const { shown, all } = countShown(view, filter);
    const text = shown === 0 ? t('projects.js.filter.none') : t('projects.js.filter.count', { Shown: shown, Total: all });
    const shownText = isFiltering(filter) ? text : '';
    if (this.target('count').textContent !== shownText) this.target('count').textContent = shownText;
    this.target('clear').hidden = !isFiltering(filter);
    this.#showAny();
  }

  #boxes(facet) {
    return [...this.querySelectorAll(`[data-facet="${facet}"] input:not([data-any])`)];
  }

  #anyBox(facet) {
    return this.querySelector(`[data-facet="${facet}"] input[data-any]`);
  }
}
