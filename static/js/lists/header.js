/** `<lists-header>`: a list's name, changed where it stands, and the menu of what can be done with the list. */
import { openMenu } from '../components/menu.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { cleanLine } from '../lib/text.js';
import { cardsOf } from '../projects/boardState.js';
import { archiveList, editList, moveList, removeList } from '../projects/operations.js';
import { nameProblem } from '../projects/nameRule.js';
import { storeOf } from '../projects/store.js';

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

  /** The name opens the list's window, unless the browser is asked for a new tab. */
  openList(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#store.tell('open-list', { id: this.#list.id });
  }

  /** Puts a field in the place of the name. */
  rename() {
    const field = this.target('field');
    field.value = this.#base = this.#list.name;
    field.hidden = false;
    this.target('shown').hidden = true;
    field.select();
    field.focus();
  }

  menu(event, button) {
    const list = this.#list;
    const { view } = this.#store;
    const last = view.lists.size - 1;
    const move = (text, icon, pos, disabled) => ({ text, icon, disabled, action: () => this.#move(pos) });
    openMenu(button, [
      { text: t('lists.js.menu.addCard'), icon: 'plus', keys: 'N', action: () => this.#store.tell('compose-card', { listId: list.id }) },
      { text: t('lists.js.menu.open'), icon: 'list', action: () => this.#store.tell('open-list', { id: list.id }) },
      { text: t('lists.js.menu.rename'), icon: 'edit', action: () => this.rename() },
      move(t('lists.js.menu.left'), 'arrowLeft', list.pos - 1, list.pos === 0),
      move(t('lists.js.menu.right'), 'arrowRight', list.pos + 1, list.pos >= last),
      move(t('lists.js.menu.first'), 'chevronLeft', 0, list.pos === 0),
      move(t('lists.js.menu.last'), 'chevronRight', last, list.pos >= last),
      { text: t('lists.js.menu.moveTo'), icon: 'move', disabled: last < 1, action: () => this.#store.tell('move-list', { id: list.id }) },
      {
        text: t('lists.js.menu.moveCards'), icon: 'card', disabled: last < 1 || cardsOf(view, list.id).length === 0,
        action: () => this.#store.tell('move-cards', { listId: list.id }),
      },
      { text: t('lists.js.menu.archive'), icon: 'archive', action: () => this.#store.do(archiveList({ id: list.id })) },
      { text: t('lists.js.menu.delete'), icon: 'delete', danger: true, action: () => this.#store.do(removeList({ id: list.id })) },
    ], { label: list.name });
  }

  // The same draft as in the list's window: a reload in the middle loses nothing.
  get #draft() {
    return this.#store.drafts.of(`list:${this.#list.id}:name`);
  }

  get #list() {
    return this.#store.view.lists.get(this.closest('[data-list-id]').dataset.listId);
  }

  #move(pos) {
    const { id, name } = this.#list;
    this.#store.do(moveList({ id, pos }));
    announceListMove(this.#store, id, name);
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
      // What does not fit stays in the field, to be shortened there.
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

/** Says where a list is now. */
export function announceListMove(store, id, name) {
  store.tell('announce', t('lists.js.moved', { Name: name, Position: (store.view.lists.get(id)?.pos ?? 0) + 1, Total: store.view.lists.size }));
}
