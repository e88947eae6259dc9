/** `<lists-header>`: a list's name, edited in place, and the menu of the list. */
import { openMenu } from '../components/menu.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { keyOf } from '../lib/keys.js';
import { cleanLine } from '../lib/text.js';
import { openList } from '../board/commands.js';
import { extensions } from '../board/extensions.js';
import { editList } from './operations.js';
import { toggleCollapsed } from './actions.js';
import { nameProblem } from '../board/model/nameRule.js';
import { storeOf } from '../board/store.js';

export default class Header extends Element {
  #store;
  #base = '';

  connected() {
    this.#store = storeOf(this);
    const field = this.target('field');
    if (!field) return;
    this.listen(field, 'keydown', (event) => this.#key(event));
    this.listen(field, 'input', () => this.#draft.set(field.value === this.#base ? '' : field.value, this.#base));
    this.listen(field, 'blur', () => document.hasFocus() && this.#end(true));
  }

  /** A click on the name opens the list's dialog, unless it opens a new tab; a collapsed list expands. */
  openList(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (this.#store.collapsed.has(this.#list.id)) {
      toggleCollapsed(this.#store, this.#list.id);
      return;
    }
    openList(this.#store, { id: this.#list.id });
  }

  /** Replaces the name by a field. */
  rename() {
    const field = this.target('field');
    field.value = this.#base = this.#list.name;
    field.hidden = false;
    this.target('shown').hidden = true;
    field.select();
    field.focus();
  }

  menu(event, button) {
    const about = { list: this.#list, store: this.#store, element: this.closest('[data-list-id]') };
    openMenu(button, extensions.listActions(this.#store.canWrite).map(({ text, icon, keys, danger, isDisabled, run }) => (
      { text: text(about), icon, keys, danger, disabled: isDisabled(about), action: () => run(this.#store, about) }
    )), { label: about.list.name });
  }

  // The same draft as in the list's dialog: a reload loses nothing.
  get #draft() {
    return this.#store.drafts.of(`list:${this.#list.id}:name`);
  }

  get #list() {
    return this.#store.view.lists.get(this.closest('[data-list-id]').dataset.listId);
  }

  #key(event) {
    const key = keyOf(event);
    if (key !== 'Enter' && key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.#end(key === 'Enter');
    if (this.target('field').hidden) this.target('shown').querySelector('[data-main]')?.focus();
  }

  #end(save) {
    const field = this.target('field');
    if (field.hidden) return;
    const name = cleanLine(field.value).trim();
    const problem = save && name ? nameProblem(name) : '';
    if (problem) {
      // A name that is too long stays in the field.
      toast(problem, { kind: 'danger' });
      return;
    }
    field.hidden = true;
    this.target('shown').hidden = false;
    const list = this.#list;
    if (list) this.#draft.set('');
    if (save && name && list && name !== list.name) this.#store.do(editList({ id: list.id, changes: { name }, base: { name: this.#base } }));
  }
}
