/**
 * What trash and archive have in common: a dialog that shows removed items, searches them by name, restores them or moves
 * them on, and is updated while it is open.
 */
import { confirmDialog, dialogButton, openDialog } from '../components/dialog.js';
import { timeElement } from '../components/time.js';
import { el, icon, uniqueId } from '../lib/dom.js';
import { locale, t } from '../lib/i18n.js';
import { reconcile } from '../lib/reconcile.js';
import { debounce } from '../lib/timing.js';
import { listsOf } from '../board/model/boardState.js';
import { BoardDialog } from '../board/boardDialog.js';

const CHANGES = new Set(['remove_list', 'remove_card', 'build_new_list', 'build_new_card', 'bin_changed']);

export class RemovedItems extends BoardDialog {
  #items = [];
  #next = '';
  #rows = new Map();
  #asked = 0;
  #soon = debounce(() => this.isOpen && this.#load(this.#items.length), 250);

  /** "bin" or "archive", as the server's events are named. */
  get location() {
    throw new Error('which location?');
  }

  disconnected() {
    this.#soon.cancel();
  }

  fill() {
    this.target('search').value = '';
    this.#load(0);
  }

  follow({ event }) {
    if (event && CHANGES.has(event.name)) this.#soon();
  }

  type() {
    this.#soon();
  }

  more() {
    this.#load(this.#items.length + 1);
  }

  /** What the item's second button does: `{text, run}`. */
  moveAction() {
    return null;
  }

  /** Sends something about an item. */
  sendAbout(event, { kind, id }, more = {}) {
    return this.ask(event, { kind, id, ...more });
  }

  /** Asks before an item is deleted permanently. */
  confirmed(item) {
    return confirmDialog({
      title: t('trash.js.empty.title', { Name: item.name }), text: t('trash.js.empty.text'), main: t('trash.js.empty.main'), danger: true,
    });
  }

  // Loads from the beginning until at least so many are there, so that the shown items stay.
  async #load(atLeast) {
    const asked = this.#asked += 1;
    const items = [];
    let next = '';
    this.target('items').setAttribute('aria-busy', 'true');
    do {
      const answer = await this.#part(next);
      if (asked !== this.#asked) return; // a newer request is on its way
      if (!answer) break;
      items.push(...answer.items);
      next = answer.next;
    } while (next && items.length < atLeast);
    this.#items = items;
    this.#next = next;
    this.#show();
  }

  async #part(before) {
    try {
      return await this.store.send(`read_${this.location}`, { text: this.target('search').value.trim(), before });
    } catch (error) {
      this.store.emit('refused', error);
      return null;
    }
  }

  #show() {
    const list = this.target('items');
    const focused = list.contains(document.activeElement) ? [...list.children].findIndex((row) => row.contains(document.activeElement)) : -1;
    const rows = new Map(this.#items.map((item) => [JSON.stringify(item), item]));
    const nodes = [...rows].map(([key, item]) => {
      const node = this.#rows.get(key) ?? this.#row(item);
      this.#rows.set(key, node);
      return node;
    });
    for (const key of this.#rows.keys()) if (!rows.has(key)) this.#rows.delete(key);
    reconcile(list, nodes);
    list.removeAttribute('aria-busy');
    const searched = this.target('search').value.trim() !== '';
    this.target('empty').hidden = nodes.length > 0 || searched;
    this.target('nothing').hidden = nodes.length > 0 || !searched;
    this.target('more').hidden = this.#next === '';
    // The row in focus is removed: the next one gets the focus.
    if (focused >= 0 && !list.contains(document.activeElement)) {
      (nodes[Math.min(focused, nodes.length - 1)]?.querySelector('button') ?? this.target('search')).focus();
    }
  }

  #row(item) {
    const action = this.moveAction(item);
    const titleId = uniqueId('trashItem');
    return el('li', { class: 'trashItem' },
      icon(item.kind),
      el('div', { class: 'trashText' },
        el('h3', { class: 'trashName', id: titleId, dir: 'auto' }, item.name),
        item.desc !== '' && el('p', { class: 'trashDesc', dir: 'auto' }, item.desc),
        ...this.#contents(item),
        el('p', { class: 'trashMeta muted' }, ...this.#meta(item))),
      el('div', { class: 'trashButtons' },
        el('button', { class: 'btn', type: 'button', 'aria-describedby': titleId, onclick: () => this.#restore(item) }, icon('undo'), t('trash.js.restore')),
        el('button', { class: 'btn btn-dangerQuiet', type: 'button', 'aria-describedby': titleId, onclick: action.run }, action.text)));
  }

  #contents({ cardCount, cardNames, files, members }) {
    const lines = [];
    if (cardCount > 0) {
      const names = cardNames.join(', ') + (cardCount > cardNames.length ? ', …' : '');
      lines.push(el('p', { class: 'trashLine' }, t('trash.js.cards', { Count: cardCount }), ' ', el('span', { class: 'muted' }, names)));
    }
    if (members?.length > 0) lines.push(el('p', { class: 'trashLine muted' }, t('trash.js.members', { Names: members.map(({ name }) => name).join(', ') })));
    if (files.length > 0) lines.push(el('p', { class: 'trashLine' }, ...files.map(({ name, url }) => el('a', { class: 'trashFile', href: url, target: '_blank', rel: 'noopener' }, icon('attach'), name))));
    return lines;
  }

  #meta(item) {
    const who = item.removedBy?.name ?? t('trash.js.someone');
    const words = { bin: t('trash.js.deletedBy', { Who: who }), archive: t('trash.js.archivedBy', { Who: who }) };
    const parts = [words[this.location], ' · ', timeElement(item.removedAt)];
    if (item.listName) parts.push(' · ', t(item.listOnBoard ? 'trash.js.fromList' : 'trash.js.fromGoneList', { List: item.listName }));
    if (item.expiresAt) {
      const date = new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(new Date(item.expiresAt));
      parts.push(' · ', t('trash.js.keptUntil', { Date: date }));
    }
    return parts;
  }

  async #restore(item) {
    const lists = listsOf(this.store.view).filter(({ id }) => !id.startsWith('new'));
    const lost = item.kind === 'card' && !item.listOnBoard && lists.length > 1;
    const listId = lost ? await chooseList(item, lists) : undefined;
    if (listId === null) return;
    const answer = await this.sendAbout(`restore_from_${this.location}`, item, listId && { listId: Number(listId) });
    if (answer) this.store.emit('announce', t('trash.js.restored', { Name: item.name }));
  }
}

// For a card whose list is not on the board.
async function chooseList({ name }, lists) {
  const id = uniqueId('trashList');
  const choice = el('select', { class: 'input', id }, ...lists.map((list) => new Option(list.name, list.id)));
  const { closed } = openDialog({
    title: t('trash.js.choose.title', { Name: name }),
    body: [el('div', { class: 'field' }, el('label', { class: 'fieldLabel', for: id }, t('trash.js.choose.list')), choice)],
    buttons: [dialogButton(t('trash.js.restore'), 'main', 'btn-primaryAction'), dialogButton(t('ui.js.cancel'), '')],
  });
  return await closed === 'main' ? choice.value : null;
}
