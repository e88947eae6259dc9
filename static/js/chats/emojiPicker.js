/**
 * The choice of an emoji: by group, by its name and among those chosen last. Names and words are those of the page's language,
 * loaded when the choice is first opened (docs/decisions/0061).
 */
import { keepNear } from '../components/menu.js';
import { toast } from '../components/toast.js';
import { loadStyles } from '../files/viewer.js';
import { el, icon, uniqueId } from '../lib/dom.js';
import { locale, t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { localStore } from '../lib/storage.js';
import { findEmoji, groupsOf, inTone, withRecent } from './emojiSearch.js';

const RECENT = 'emoji:recent';
const TONE = 'emoji:tone';
const TONES = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

// Of emojibase: the number of a group in the data, its sign, its name.
const groupTexts = () => [
  { group: 0, sign: '😀', name: t('chats.js.emoji.smileys') }, { group: 1, sign: '👋', name: t('chats.js.emoji.people') },
  { group: 3, sign: '🐱', name: t('chats.js.emoji.nature') }, { group: 4, sign: '🍎', name: t('chats.js.emoji.food') },
  { group: 5, sign: '🏠', name: t('chats.js.emoji.places') }, { group: 6, sign: '⚽', name: t('chats.js.emoji.activities') },
  { group: 7, sign: '📝', name: t('chats.js.emoji.objects') }, { group: 8, sign: '⛔', name: t('chats.js.emoji.symbols') },
  { group: 9, sign: '🏁', name: t('chats.js.emoji.flags') },
];

const data = {
  en: () => import('emoji-picker-element-data/en/cldr-native/data.json'),
  de: () => import('emoji-picker-element-data/de/cldr-native/data.json'),
};
let loaded = null;

// Again with the next opening if the line is down.
function load() {
  const language = locale().startsWith('de') ? 'de' : 'en';
  loaded ??= data[language]().then((file) => groupsOf(file.default)).catch((error) => {
    loaded = null;
    throw error;
  });
  return loaded;
}

/**
 * Opens the choice next to a button, which gets the focus when it closes unless `choose` moves it.
 *
 * @param {HTMLElement} anchor
 * @param {string} styles the address of its style sheet
 * @param {(emoji: string) => void} choose
 */
export async function openEmojiPicker(anchor, styles, choose) {
  if (anchor.getAttribute('aria-expanded') === 'true') return;
  loadStyles(styles);
  anchor.setAttribute('aria-expanded', 'true');
  try {
    new Picker(anchor, await load(), choose).open();
  } catch {
    anchor.setAttribute('aria-expanded', 'false');
    toast(t('chats.js.offline'), { kind: 'danger' });
  }
}

class Picker {
  #anchor;
  #groups;
  #choose;
  #tone = Number(localStore.getItem(TONE)) || 0;
  #group; // the number of the group that is shown; -1 for those chosen last
  #search;
  #tabs;
  #grid;
  #popup;

  constructor(anchor, groups, choose) {
    this.#anchor = anchor;
    this.#groups = groups;
    this.#choose = choose;
  }

  open() {
    const gridId = uniqueId('emoji');
    this.#search = el('input', {
      class: 'input', type: 'search', placeholder: t('chats.js.emoji.search'), 'aria-label': t('chats.js.emoji.search'), autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'done', 'data-unguarded': '',
      oninput: () => this.#draw(),
    });
    const tone = el('select', { class: 'input emojiTone', 'aria-label': t('chats.js.emoji.tone'), 'data-unguarded': '', onchange: () => this.#setTone(tone.value) },
      TONES.map((sign, number) => el('option', { value: number, selected: number === this.#tone }, sign)));
    this.#tabs = el('div', { class: 'emojiTabs', role: 'tablist', 'aria-label': t('chats.js.emoji.groups') }, this.#allGroups.map(({ group, sign, name }) => el('button', {
      class: 'emojiTab', type: 'button', role: 'tab', 'data-group': group, 'aria-label': name, title: name, 'aria-controls': gridId, onclick: () => this.#show(group),
    }, sign)));
    this.#grid = el('div', { class: 'emojiGrid', id: gridId, role: 'tabpanel', onclick: ({ target }) => this.#chosen(target.closest('button')) });
    this.#popup = el('div', { class: 'menu emojiPicker', role: 'dialog', popover: 'auto', id: uniqueId('menu'), 'aria-label': t('chats.js.emoji.title'), onkeydown: (event) => this.#key(event) },
      el('div', { class: 'emojiHead' }, this.#search, tone, el('button', { class: 'btn btn-quiet btn-icon', type: 'button', 'aria-label': t('ui.js.close'), title: t('ui.js.close'), onclick: () => this.#popup.hidePopover() }, icon('close'))),
      this.#tabs, this.#grid);
    this.#anchor.after(this.#popup);
    this.#popup.showPopover();
    const leave = keepNear(this.#anchor, this.#popup, 'top-start');
    this.#popup.addEventListener('toggle', ({ newState }) => newState === 'closed' && this.#closed(leave));
    this.#show(this.#recent.length > 0 ? -1 : 0);
    if (matchMedia('(pointer: coarse)').matches) this.#tabs.querySelector('[aria-selected="true"]').focus(); // no keyboard over the emoji
    else this.#search.focus();
  }

  get #allGroups() {
    return [{ group: -1, sign: '🕘', name: t('chats.js.emoji.recent') }, ...groupTexts()];
  }

  get #recent() {
    try {
      return JSON.parse(localStore.getItem(RECENT)) ?? [];
    } catch {
      return [];
    }
  }

  #closed(leave) {
    leave();
    this.#anchor.setAttribute('aria-expanded', 'false');
    if (this.#popup.contains(document.activeElement) || document.activeElement === document.body) this.#anchor.focus();
    this.#popup.remove();
  }

  #show(group) {
    this.#group = group;
    this.#search.value = '';
    for (const tab of this.#tabs.children) {
      const isShown = Number(tab.dataset.group) === group;
      tab.setAttribute('aria-selected', String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
    }
    this.#draw();
  }

  #setTone(tone) {
    this.#tone = Number(tone);
    localStore.setItem(TONE, tone);
    this.#draw();
  }

  #draw() {
    const typed = this.#search.value.trim();
    const { name } = this.#allGroups.find(({ group }) => group === this.#group);
    this.#grid.setAttribute('aria-label', typed ? t('chats.js.emoji.found') : name);
    const shown = typed ? findEmoji(this.#groups, typed) : this.#ofGroup();
    this.#grid.replaceChildren(...shown.map((each, index) => {
      const sign = inTone(each, this.#tone);
      return el('button', { class: 'emojiChoice', type: 'button', 'data-emoji-sign': sign, 'aria-label': each.annotation, title: each.annotation, tabindex: index === 0 ? 0 : -1 }, sign);
    }));
    if (shown.length === 0) this.#grid.append(el('p', { class: 'muted emojiNone', role: 'status' }, t(typed ? 'chats.js.emoji.none' : 'chats.js.emoji.noRecent')));
    this.#grid.scrollTop = 0;
  }

  #ofGroup() {
    if (this.#group >= 0) return this.#groups.get(this.#group) ?? [];
    const known = new Map([...this.#groups.values()].flat().map((each) => [each.emoji, each]));
    return this.#recent.map((emoji) => known.get(emoji) ?? { emoji, annotation: emoji });
  }

  #chosen(button) {
    const sign = button?.dataset.emojiSign;
    if (!sign) return;
    localStore.setItem(RECENT, JSON.stringify(withRecent(this.#recent, sign)));
    this.#popup.hidePopover();
    this.#choose(sign);
  }

  // Arrows move in the emoji and among the groups; from the field they enter the emoji, and Enter takes the first one.
  #key(event) {
    const key = keyOf(event);
    const first = this.#grid.querySelector('button');
    if (event.target === this.#search) {
      if (key === 'ArrowDown') first?.focus();
      else if (key === 'Enter') this.#chosen(first);
      else return;
    } else if (event.target.closest('[role="tab"]')) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step) this.#step(step);
      else if (key === 'ArrowDown') first?.focus();
      else return;
    } else if (!this.#grid.contains(event.target) || !this.#moveInGrid(key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(by) {
    const all = [...this.#tabs.children];
    const next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
    this.#show(Number(next.dataset.group));
    next.focus();
  }

  #moveInGrid(key) {
    const all = [...this.#grid.querySelectorAll('button')];
    const at = all.indexOf(document.activeElement);
    const columns = all.filter((each) => each.offsetTop === all[0].offsetTop).length;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: all.length - 1 }[key];
    if (to === undefined) return false;
    if (key === 'ArrowUp' && to < 0) this.#search.focus();
    else if (all[to]) {
      all[at].tabIndex = -1;
      all[to].tabIndex = 0;
      all[to].focus();
    }
    return true;
  }
}
