/**
 * `<search-bar>`: the search in the header, a combobox as the ARIA practices describe it. The list opens while one
 * types; arrows go through it, Enter follows the chosen link or searches at once, Escape closes. `/` leads here.
 */
import { el, icon } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { t } from '../lib/i18n.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { letterKeysAreOn } from '../lib/letterKeys.js';
import { debounce } from '../lib/timing.js';

const TYPING = 150; // ms of rest before what was typed is looked for

export default class Bar extends Element {
  #later = debounce(() => this.#search(), TYPING);
  #shown = null; // the text whose results are in the list
  #asking = null;
  #active = -1;

  connected() {
    // On the window, so that a page may use the key for a search of its own.
    this.listen(window, 'keydown', (event) => this.#shortcut(event));
  }

  disconnected() {
    this.#later.cancel();
    this.#asking?.abort();
  }

  /** Shows the field, where it is hidden for want of room, and goes there. */
  open() {
    this.toggleAttribute('data-open', true);
    this.#input.focus();
    this.#input.select();
  }

  close() {
    const wasOpen = this.hasAttribute('data-open');
    this.#collapse();
    this.toggleAttribute('data-open', false);
    if (wasOpen) this.target('opener').focus();
  }

  typed() {
    this.#choose(-1);
    if (this.#text === '') this.#clear();
    else this.#later();
  }

  submit(event) {
    event.preventDefault();
    const chosen = this.#options[this.#active];
    if (chosen) chosen.click();
    else this.#search();
  }

  reopen() {
    if (this.#text !== '' && this.#shown === this.#text) this.#expand();
  }

  left({ relatedTarget }) {
    if (this.contains(relatedTarget)) return;
    this.#collapse();
    this.toggleAttribute('data-open', false);
  }

  key(event) {
    if (event.target !== this.#input) return;
    const key = keyOf(event);
    if (key === 'Escape') this.#escape(event);
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
    event.preventDefault();
    if (!this.#isExpanded) this.reopen();
    const count = this.#options.length;
    if (!this.#isExpanded || count === 0) return;
    // Above the first and below the last one is the text itself.
    const step = key === 'ArrowDown' ? 1 : -1;
    this.#choose(((this.#active + 1 + step + count + 1) % (count + 1)) - 1);
  }

  #escape(event) {
    event.preventDefault();
    if (this.#isExpanded) this.#collapse();
    else if (this.#text !== '') this.#clear();
    else if (this.hasAttribute('data-open')) this.close();
    else this.#input.blur();
  }

  #shortcut(event) {
    if (keyOf(event) !== '/' || !letterKeysAreOn() || event.defaultPrevented || isCommand(event)) return;
    if (event.target.matches?.('input, textarea, select, [contenteditable="true"]') || document.querySelector('dialog:modal')) return;
    event.preventDefault();
    this.open();
  }

  async #search() {
    this.#later.cancel();
    const text = this.#text;
    if (text === '') return;
    if (text === this.#shown) {
      this.#expand();
      return;
    }
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const hits = await fetchJSON(`/search?q=${encodeURIComponent(text)}`, { signal });
      if (!signal.aborted) this.#show(text, hits);
    } catch (error) {
      if (!signal.aborted) this.#fail(error.message);
    }
  }

  #show(text, hits) {
    this.#shown = text;
    this.target('results').replaceChildren(...hits.map(option));
    const none = t('search.js.none', { Text: text });
    this.#note(hits.length === 0 ? none : '');
    this.target('status').textContent = hits.length === 0 ? none : t('search.js.count', { Count: hits.length });
    this.#choose(-1);
    if (this.contains(document.activeElement)) this.#expand();
  }

  #fail(message) {
    this.#shown = null;
    this.target('results').replaceChildren();
    this.#note(message);
    this.target('status').textContent = message;
    this.#expand();
  }

  #note(text) {
    const note = this.target('note');
    note.textContent = text;
    note.hidden = text === '';
  }

  #clear() {
    this.#later.cancel();
    this.#asking?.abort();
    this.#input.value = '';
    this.#collapse();
  }

  #choose(index) {
    this.#active = index;
    this.#options.forEach((node, at) => node.setAttribute('aria-selected', String(at === index)));
    const chosen = this.#options[index];
    if (chosen) {
      this.#input.setAttribute('aria-activedescendant', chosen.id);
      chosen.scrollIntoView({ block: 'nearest' });
    } else {
      this.#input.removeAttribute('aria-activedescendant');
    }
  }

  #expand() {
    this.target('popup').hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
  }

  #collapse() {
    this.target('popup').hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#choose(-1);
  }

  get #isExpanded() {
    return !this.target('popup').hidden;
  }

  get #input() {
    return this.target('input');
  }

  get #text() {
    return this.#input.value.trim();
  }

  get #options() {
    return [...this.target('results').children];
  }
}

const LOOKS = {
  project: { iconName: 'board', label: () => t('search.js.project') },
  user: { iconName: 'user', label: () => t('search.js.user') },
  newFriend: { iconName: 'userAdd', label: () => t('search.js.newFriend') },
};

// A link, so that it can be opened in another tab; the focus stays in the field.
function option({ type, name, urlPath, canBefriend }, index) {
  const { iconName, label } = LOOKS[canBefriend ? 'newFriend' : type];
  return el('a', { class: 'searchResult', id: `searchResult-${index}`, role: 'option', tabindex: '-1', 'aria-selected': 'false', href: urlPath },
    icon(iconName), el('span', { class: 'searchName', dir: 'auto' }, name), el('span', { class: 'searchType' }, label()));
}
