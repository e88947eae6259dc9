/**
 * What bin and archive have in common: a window that shows what waits there, finds by name, has it back on the board or
 * puts it away, and follows what everybody does meanwhile.
 */
import { confirmDialog, dialogButton, openDialog } from '../components/dialog.js';
import { timeElement } from '../components/time.js';
import { el, icon, uniqueId } from '../lib/dom.js';
import { lang, t } from '../lib/i18n.js';
import { reconcile } from '../lib/reconcile.js';
import { debounce } from '../lib/timing.js';
import { listsOf } from '../projects/boardState.js';
import { Window } from '../projects/window.js';

const HEARD = new Set(['remove_list', 'remove_card', 'build_new_list', 'build_new_card', 'bin_changed']);

export class Shelf extends Window {
  #items = [];
  #next = '';
  #rows = new Map();
  #asked = 0;
  #soon = debounce(() => this.isOpen && this.#load(this.#items.length), 250);

  /** "bin" or "archive", as the server's events are named. */
  get place() {
    throw new Error('which shelf?');
  }

  disconnected() {
    this.#soon.cancel();
  }

  fill() {
    this.target('search').value = '';
    this.#load(0);
  }

  follow({ event }) {
    if (event && HEARD.has(event.name)) this.#soon();
  }

  type() {
    this.#soon();
  }

  more() {
    this.#load(this.#items.length + 1);
  }

  /** What the item's second button does: `{text, run}`. */
  away() {
    return null;
  }

  /** Sends something about an item. */
  about(event, { kind, id }, more = {}) {
    return this.ask(event, { kind, id, ...more });
  }

  /** Asks before something is given up. */
  agreed(item) {
    return confirmDialog({
      title: t('bin.js.empty.title', { Name: item.name }), text: t('bin.js.empty.text'), main: t('bin.js.empty.main'), danger: true,
    });
  }

  // Loads from the beginning until at least so many are there: what was looked at stays in view.
  async #load(atLeast) {
    const asked = this.#asked += 1;
    const items = [];
    let next = '';
    this.target('items').setAttribute('aria-busy', 'true');
    do {
      const answer = await this.#part(next);
      if (asked !== this.#asked) return; // a newer question is on its way
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
      return await this.store.send(`read_${this.place}`, { text: this.target('search').value.trim(), before });
    } catch (error) {
      this.store.tell('refused', error);
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
    // The row in focus has gone: its successor takes over.
    if (focused >= 0 && !list.contains(document.activeElement)) {
      (nodes[Math.min(focused, nodes.length - 1)]?.querySelector('button') ?? this.target('search')).focus();
    }
  }

  #row(item) {
    const away = this.away(item);
    const titleId = uniqueId('binItem');
    return el('li', { class: 'binItem' },
      icon(item.kind),
      el('div', { class: 'binText' },
        el('h3', { class: 'binName', id: titleId, dir: 'auto' }, item.name),
        item.desc !== '' && el('p', { class: 'binDesc', dir: 'auto' }, item.desc),
        ...this.#contents(item),
        el('p', { class: 'binMeta muted' }, ...this.#meta(item))),
      el('div', { class: 'binButtons' },
        el('button', { class: 'btn', type: 'button', 'aria-describedby': titleId, onclick: () => this.#restore(item) }, icon('undo'), t('bin.js.restore')),
        el('button', { class: 'btn btn-dangerQuiet', type: 'button', 'aria-describedby': titleId, onclick: away.run }, away.text)));
  }

  #contents({ cardCount, cardNames, files, members }) {
    const lines = [];
    if (cardCount > 0) {
      const names = cardNames.join(', ') + (cardCount > cardNames.length ? ', …' : '');
      lines.push(el('p', { class: 'binLine' }, t('bin.js.cards', { Count: cardCount }), ' ', el('span', { class: 'muted' }, names)));
    }
    if (members?.length > 0) lines.push(el('p', { class: 'binLine muted' }, t('bin.js.members', { Names: members.map(({ name }) => name).join(', ') })));
    if (files.length > 0) lines.push(el('p', { class: 'binLine' }, ...files.map(({ name, url }) => el('a', { class: 'binFile', href: url, target: '_blank', rel: 'noopener' }, icon('attach'), name))));
    return lines;
  }

  #meta(item) {
    const who = item.removedBy?.name ?? t('bin.js.somebody');
    const words = { bin: t('bin.js.deletedBy', { Who: who }), archive: t('bin.js.archivedBy', { Who: who }) };
    const parts = [words[this.place], ' · ', timeElement(item.removedAt)];
    if (item.listName) parts.push(' · ', t(item.listOnBoard ? 'bin.js.fromList' : 'bin.js.fromGoneList', { List: item.listName }));
    if (item.expiresAt) {
      const date = new Intl.DateTimeFormat(lang(), { dateStyle: 'medium' }).format(new Date(item.expiresAt));
      parts.push(' · ', t('bin.js.keptUntil', { Date: date }));
    }
    return parts;
  }

  async #restore(item) {
    const lists = listsOf(this.store.view).filter(({ id }) => !id.startsWith('new'));
    const lost = item.kind === 'card' && !item.listOnBoard && lists.length > 1;
    const listId = lost ? await chooseList(item, lists) : undefined;
    if (listId === null) return;
    const answer = await this.about(`restore_from_${this.place}`, item, listId && { listId: Number(listId) });
    if (answer) this.store.tell('announce', t('bin.js.restored', { Name: item.name }));
  }
}

// The list a card was in is not on the board any more.
async function chooseList({ name }, lists) {
  const id = uniqueId('binList');
  const choice = el('select', { class: 'input', id }, ...lists.map((list) => new Option(list.name, list.id)));
  const { closed } = openDialog({
    title: t('bin.js.choose.title', { Name: name }),
    body: [el('div', { class: 'field' }, el('label', { class: 'fieldLabel', for: id }, t('bin.js.choose.list')), choice)],
    buttons: [dialogButton(t('bin.js.restore'), 'main', 'btn-primaryAction'), dialogButton(t('ui.js.cancel'), '')],
  });
  return await closed === 'main' ? choice.value : null;
}
