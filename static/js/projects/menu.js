/**
 * `<projects-menu>`: the board's menu. An entry's value is a wish of the store, so that any module can add entries.
 * Alt and a group's letter (`data-key`) open the menu at that group.
 */
import { focusables } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { codeOf } from '../lib/keys.js';
import { isTyping } from './shortcuts.js';
import { storeOf } from './store.js';

export default class Menu extends Element {
  connected() {
    for (const group of this.#groups) this.#nameKey(group);
    this.listen(document, 'keydown', (event) => this.#key(event));
  }

  choose(event, item) {
    this.#popup.hidePopover();
    storeOf(this).tell(item.value, {});
  }

  get #popup() {
    return this.querySelector('[popover]');
  }

  // A group that nobody has filled, as the history for visitors, is not shown.
  get #groups() {
    return [...this.querySelectorAll('[data-key]')].filter((group) => group.querySelector('[role="menuitem"]'));
  }

  #nameKey(group) {
    group.querySelector('[role="menuitem"]').setAttribute('aria-keyshortcuts', `Alt+${group.dataset.key}`);
  }

  #key(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event.target)) return;
    // By place on the keyboard: on a Mac, Option and a letter make another sign.
    const group = this.#groups.find(({ dataset }) => codeOf(event) === `Key${dataset.key}`);
    if (!group || document.querySelector('dialog:modal')) return;
    event.preventDefault();
    const enter = () => focusables(group)[0]?.focus();
    // The menu itself focuses its first entry when it has opened.
    if (!this.#popup.matches(':popover-open')) this.#popup.addEventListener('toggle', enter, { once: true });
    this.#popup.showPopover();
    enter();
  }
}
