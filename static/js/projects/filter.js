/** `<projects-filter>`: hides cards by text and by members, says how many are left, and keeps it in the address. */
import { avatar } from '../components/avatar.js';
import { t } from '../lib/i18n.js';
import { Element } from '../lib/element.js';
import { keyOf } from '../lib/keys.js';
import { rememberPlace } from '../lib/focus.js';
import { debounce } from '../lib/timing.js';
import { countShown, isFiltering, noFilter, queryWith } from './filterRule.js';
import { storeOf } from './store.js';

export default class Filter extends Element {
  #store;
  #cameFrom = null;
  #typed = debounce(() => this.#apply(), 120);

  connected() {
    this.#store = storeOf(this);
    this.target('text').value = this.#store.filter.text;
    this.#showMembers();
    this.#store.on('change', (change) => this.#changed(change), this.signal);
    this.#store.on('open-filter', () => this.open(), this.signal);
    this.#store.on('clear-filter', () => this.#empty(), this.signal);
    this.#store.on('filter-by', ({ member }) => this.#toggle(member), this.signal);
    if (isFiltering(this.#store.filter)) this.#setOpen(true);
    this.#showCount();
  }

  disconnected() {
    this.#typed.cancel();
  }

  /** Shows the bar and puts the cursor into it. */
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

  /** Shows everything again; the bar stays. */
  clear() {
    this.#empty();
    this.target('text').focus();
  }

  /** Shows everything again, puts the bar away, and goes back to where the focus came from. */
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
    for (const box of this.#boxes()) box.checked = false;
    this.#apply();
  }

  // One member chosen from elsewhere, or not any more.
  #toggle(member) {
    const box = this.#boxes().find(({ value }) => value === member);
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
    const members = this.#boxes().filter((box) => box.checked).map((box) => box.value);
    this.#store.setFilter(text || members.length > 0 ? { text, members } : noFilter);
    history.replaceState(history.state, '', location.pathname + queryWith(location.search, this.#store.filter));
    this.#showCount();
  }

  #changed({ view, previous }) {
    if (view.members !== previous.members) this.#showMembers();
    if (view.cards !== previous.cards) this.#showCount();
  }

  #showMembers() {
    const template = this.target('memberTemplate');
    const members = [...this.#store.view.members.values()].sort((a, b) => a.name.localeCompare(b.name));
    this.target('members').replaceChildren(...members.map((member) => {
      const choice = template.content.firstElementChild.cloneNode(true);
      const box = choice.querySelector('input');
      box.value = member.id;
      box.checked = this.#store.filter.members.includes(member.id);
      choice.querySelector('[data-part="name"]').textContent = member.name;
      choice.querySelector('[data-part="pic"]').replaceChildren(avatar(member, { named: false }));
      return choice;
    }));
  }

  #showCount() {
    const { filter, view } = this.#store;
    const { shown, all } = countShown(view, filter);
    const text = isFiltering(filter) ? t('projects.js.filter.count', { Shown: shown, Total: all, Hidden: all - shown }) : '';
    if (this.target('count').textContent !== text) this.target('count').textContent = text;
    this.target('clear').hidden = !isFiltering(filter);
  }

  #boxes() {
    return [...this.target('members').querySelectorAll('input')];
  }
}
