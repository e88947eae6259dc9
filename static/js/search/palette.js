/**
 * `<search-palette>`: the dialog that finds cards, lists, projects, people, commands and what people have written. A combobox as the ARIA practices describe
 * it: the focus stays in the field, arrows go through the results, Enter opens the chosen one. @later
 */
import { showDialog } from '../components/dialog.js';
import { timeText } from '../components/time.js';
import { serverNow } from '../lib/clock.js';
import { el, icon, uniqueId } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { locale, t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { pageData } from '../lib/pageData.js';
import { debounce } from '../lib/timing.js';
import { pageCommands } from './commands.js';
import { matches, splitMatches } from './match.js';
import { Recent } from './recent.js';

const TYPING = 150; // ms of rest before what was typed is sent
const MAX_TYPED = 128; // characters, as the server has it
const MAX_COMMANDS = 6;

export default class Palette extends Element {
  #later = debounce(() => this.#search(), TYPING);
  #recent = new Recent(document.querySelector('meta[name="viewer"]')?.content);
  #commands = [];
  #asking = null;
  #found = null; // the server's results and the text they are for
  #entries = []; // what is shown, in order
  #active = -1;
  #parts = null;

  disconnected() {
    this.#later.cancel();
    this.#asking?.abort();
  }

  /** Opens the dialog, or selects the text in it. `links` are the commands that modules add as links. */
  async open(links) {
    const { dialog, input } = this.#parts ??= this.#build();
    if (dialog.open) {
      input.select();
      return;
    }
    this.#commands = pageCommands(links);
    input.value = '';
    this.#typed();
    const closed = showDialog(dialog);
    input.focus();
    await closed;
    this.#later.cancel();
    this.#asking?.abort();
  }

  #build() {
    const results = el('div', { class: 'paletteResults', id: uniqueId('paletteResults'), role: 'listbox', 'aria-label': t('search.js.results') });
    const input = el('input', {
      class: 'paletteInput', type: 'text', dir: 'auto', maxlength: MAX_TYPED, role: 'combobox', 'aria-label': t('search.js.label'), 'aria-autocomplete': 'list',
      'aria-expanded': 'true', 'aria-controls': results.id, placeholder: t('search.js.placeholder'), autocomplete: 'off', autocapitalize: 'none',
      spellcheck: 'false', enterkeyhint: 'go', 'data-unguarded': true, oninput: () => this.#typed(), onkeydown: (event) => this.#key(event),
    });
    const note = el('p', { class: 'paletteNote', dir: 'auto', hidden: true });
    const retry = el('button', { class: 'btn paletteRetry', type: 'button', hidden: true, onclick: () => this.#retry() }, t('search.js.retry'));
    const status = el('p', { class: 'visuallyHidden', role: 'status' });
    const dialog = el('dialog', { class: 'dialog palette', id: 'w-palette', 'aria-label': t('search.js.label') },
      el('div', { class: 'paletteHead' }, icon('search'), input,
        el('button', { class: 'btn btn-quiet btn-icon', type: 'button', 'data-close': true, 'aria-label': t('search.js.close') }, icon('close'))),
      results, note, retry, el('p', { class: 'paletteHint', 'aria-hidden': 'true' }, t('search.js.hint')), status);
    results.addEventListener('pointermove', ({ target }) => this.#choose(this.#options.indexOf(target.closest('[role="option"]')), { scroll: false }));
    // The field keeps the focus.
    results.addEventListener('mousedown', (event) => event.preventDefault());
    this.append(dialog);
    return { dialog, input, results, note, retry, status };
  }

  get #text() {
    return this.#parts.input.value.trim();
  }

  get #options() {
    return [...this.#parts.results.querySelectorAll('[role="option"]')];
  }

  #typed() {
    this.#asking?.abort();
    this.#later.cancel();
    if (this.#text === '') {
      this.#found = null;
      this.#draw();
      this.#say('');
      return;
    }
    this.#later();
    this.#draw();
  }

  #retry() {
    this.#parts.input.focus();
    this.#search();
  }

  async #search() {
    const text = this.#text;
    const project = pageData()?.project?.id;
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#busy(true);
    try {
      const query = new URLSearchParams({ q: text, ...(project && { project }) });
      const results = await fetchJSON(`/search/everything?${query}`, { signal });
      if (signal.aborted) return;
      this.#found = { text, results };
      this.#draw();
      this.#say(this.#entries.length === 0 ? this.#none : t('search.js.count', { Count: this.#entries.length }));
    } catch (error) {
      if (signal.aborted) return;
      this.#found = { text, results: null, problem: error.message };
      this.#draw();
      this.#say(error.message);
    }
    this.#busy(false);
  }

  #busy(is) {
    this.#parts.dialog.toggleAttribute('data-busy', is);
    this.#parts.results.setAttribute('aria-busy', String(is));
  }

  get #isCurrent() {
    return this.#found?.text === this.#text;
  }

  get #none() {
    return t('search.js.none', { Text: this.#text });
  }

  #draw() {
    const groups = this.#text === '' ? this.#start() : this.#results();
    const { results, note, retry } = this.#parts;
    this.#entries = groups.flatMap(({ entries }) => entries);
    let index = 0;
    results.replaceChildren(...groups.filter(({ entries }) => entries.length > 0).map(({ name, entries }) => {
      const title = el('p', { class: 'paletteGroup', id: uniqueId('paletteGroup'), role: 'presentation' }, name);
      return el('div', { role: 'group', 'aria-labelledby': title.id }, title, ...entries.map((entry) => this.#option(entry, index++)));
    }));
    const problem = this.#isCurrent ? this.#found.problem : undefined;
    note.textContent = problem ?? (this.#entries.length === 0 && this.#isCurrent ? this.#none : '');
    note.hidden = note.textContent === '';
    note.classList.toggle('paletteNote-problem', problem !== undefined);
    retry.hidden = problem === undefined;
    results.hidden = this.#entries.length === 0;
    this.#choose(this.#entries.length > 0 ? 0 : -1);
    results.scrollTop = 0;
  }

  #start() {
    return [
      { name: t('search.js.recent'), entries: this.#recent.all.map((entry) => ({ ...entry, pieces: [entry.name] })) },
      { name: t('search.js.commands'), entries: this.#commands.map((command) => commandEntry(command, '')) },
    ];
  }

  // Until there is an answer to what is typed, the one before stays.
  #results() {
    const { cards = [], lists = [], projects = [], people = [], texts = [] } = this.#found?.results ?? {};
    const here = pageData()?.project?.id;
    const commands = this.#commands.filter(({ text, context }) => matches(`${context} ${text}`, this.#text)).slice(0, MAX_COMMANDS);
    return [
      { name: t('search.js.here'), entries: cards.filter(({ projectId }) => projectId === here).map((card) => cardEntry(card, true)) },
      { name: here ? t('search.js.elsewhere') : t('search.js.cards'), entries: cards.filter(({ projectId }) => projectId !== here).map((card) => cardEntry(card, false)) },
      { name: t('search.js.lists'), entries: lists.map((list) => listEntry(list, list.projectId === here)) },
      { name: t('search.js.projects'), entries: projects.map(({ name, owner, urlPath }) => ({ kind: 'project', icon: 'board', pieces: name, detail: owner, href: urlPath })) },
      { name: t('search.js.people'), entries: people.map(personEntry) },
      ...texts.map(({ title, icon: symbol, found }) => ({ name: title, entries: found.map((text) => textEntry(text, symbol)) })),
      { name: t('search.js.commands'), entries: commands.map((command) => commandEntry(command, this.#text)) },
    ];
  }

  // A link where there is an address, so that it can be opened in another tab.
  #option(entry, index) {
    const { pieces, detail, excerpt, mark, keys, href } = entry;
    return el(href ? 'a' : 'div', {
      class: 'paletteItem', id: `paletteItem-${index}`, role: 'option', tabindex: href ? '-1' : null, 'aria-selected': 'false', href,
      onclick: (event) => this.#open(event, entry),
    },
    icon(entry.icon ?? ICONS[entry.kind] ?? 'arrowRight'),
    el('span', { class: 'paletteText' },
      el('span', { class: 'paletteName', dir: 'auto' }, ...highlighted(pieces)),
      excerpt && el('span', { class: 'paletteExcerpt', dir: 'auto' }, ...highlighted(excerpt))),
    (mark || detail) && el('span', { class: 'paletteWhere' }, mark && el('span', { class: 'paletteMark' }, mark), detail && el('span', { class: 'paletteDetail', dir: 'auto' }, detail)),
    keys && el('kbd', { class: 'menuKeys' }, keys));
  }

  #open(event, entry) {
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (entry.kind !== 'command' || entry.href) this.#recent.add({ kind: entry.kind, name: entry.pieces.join(''), detail: entry.detail ?? '', href: entry.href });
    if (isElsewhere && entry.href) return;
    this.#parts.dialog.close();
    if (entry.run) {
      event.preventDefault();
      entry.run();
    } else if (isOnThisPage(entry.href)) {
      event.preventDefault();
      goTo(entry.href);
    }
  }

  #key(event) {
    const key = keyOf(event);
    if (key === 'Enter') {
      event.preventDefault();
      this.#enter(event);
      return;
    }
    const count = this.#entries.length;
    if ((key !== 'ArrowDown' && key !== 'ArrowUp') || count === 0) return;
    event.preventDefault();
    this.#choose((this.#active + (key === 'ArrowDown' ? 1 : -1) + count) % count);
  }

  // What was found for another text is not opened.
  #enter({ ctrlKey, metaKey, shiftKey }) {
    const entry = this.#entries[this.#active];
    if (this.#text !== '' && !this.#isCurrent && entry?.kind !== 'command') {
      this.#later.flush();
      return;
    }
    this.#options[this.#active]?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
  }

  #choose(index, { scroll = true } = {}) {
    if (index < 0 && !scroll) return;
    this.#active = index;
    this.#options.forEach((node, at) => node.setAttribute('aria-selected', String(at === index)));
    const chosen = this.#options[index];
    if (chosen) this.#parts.input.setAttribute('aria-activedescendant', chosen.id);
    else this.#parts.input.removeAttribute('aria-activedescendant');
    if (scroll) (index === 0 ? chosen?.parentElement : chosen)?.scrollIntoView({ block: 'nearest' });
  }

  #say(text) {
    this.#parts.status.textContent = text;
  }
}

const ICONS = { card: 'card', list: 'list', project: 'board', person: 'user' };

function cardEntry({ name, excerpt, list, project, urlPath, archived }, isHere) {
  return {
    kind: 'card', icon: archived ? 'archive' : 'card', pieces: name, excerpt, href: urlPath,
    mark: archived ? t('search.js.archived') : '', detail: isHere ? list : t('search.js.place', { Project: project, List: list }),
  };
}

function listEntry({ name, project, urlPath }, isHere) {
  return { kind: 'list', pieces: name, detail: isHere ? '' : project, href: urlPath };
}

function textEntry({ excerpt, from, where, at, urlPath }, symbol) {
  return { kind: 'text', icon: symbol, pieces: excerpt, excerpt: [t('search.js.written', { Name: from, Time: timeText(new Date(at), serverNow(), locale()) })], detail: where, href: urlPath };
}

function personEntry({ name, urlPath, canBefriend }) {
  return { kind: 'person', icon: canBefriend ? 'userAdd' : 'user', pieces: name, detail: canBefriend ? t('search.js.newFriend') : '', href: canBefriend ? withReturn(urlPath) : urlPath };
}

function commandEntry({ text, context, keys, icon: symbol, href, run }, typed) {
  return { kind: 'command', icon: symbol, pieces: splitMatches(text, typed), detail: context, keys, href, run };
}

function highlighted(pieces) {
  return pieces.map((piece, index) => (index % 2 === 1 ? el('mark', {}, piece) : piece));
}

function isOnThisPage(href) {
  const { pathname, search } = new URL(href, location.href);
  return pathname === location.pathname && search !== '' && document.querySelector('board-root[data-ready]') !== null;
}

// The dialogs of the board follow its address.
function goTo(href) {
  history.pushState({ opened: 'card' }, '', href);
  window.dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
}

// The page behind is this one, also after Cancel.
function withReturn(path) {
  return `${path}&continue=${encodeURIComponent(location.pathname + location.search)}`;
}
