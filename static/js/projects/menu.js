/**
 * `<projects-menu>`: the board's menu. An entry's value is a command, so that any module can add entries.
 * Alt and a group's letter (`data-key`) open the menu at that group.
 */
import { focusables } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { codeOf, isTyping } from '../lib/keys.js';
import { runCommand } from '../board/commands.js';
import { storeOf } from '../board/store.js';

export default class Menu extends Element {
  connected() {
    for (const group of this.#groups) this.#nameKey(group);
    this.listen(document, 'keydown', (event) => this.#key(event));
  }

  choose(event, item) {
    this.#popup.hidePopover();
    runCommand(storeOf(this), item.value);
  }

  get #popup() {
    return this.querySelector('[popover]');
  }

  // A group without entries, such as the history for visitors, is not shown.
  get #groups() {
    return [...this.querySelectorAll('[data-key]')].filter((group) => group.querySelector('[role="menuitem"]'));
  }

  #nameKey(group) {
    group.querySelector('[role="menuitem"]').setAttribute('aria-keyshortcuts', `Alt+${group.dataset.key}`);
  }

  #key(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event.target)) return;
    // By code, not by key: on a Mac, Option and a letter produce another character.
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
