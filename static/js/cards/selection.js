/**
 * `<cards-selection>`: the bar at the board's foot that shows how many cards are selected and has buttons for bulk
 * actions, those that modules add. It also carries out the commands about cards that keys and menus emit.
 */
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { isTyping, keyOf } from '../lib/keys.js';
import { cardsOf, compareOnBoard, listsOf } from '../board/model/boardState.js';
import { archiveCard, blockMove, removeCard } from './operations.js';
import { archiveCards, deleteCards, editMembersOfCards, shiftCards } from '../board/commands.js';
import { extensions } from '../board/extensions.js';
import { storeOf } from '../board/store.js';
import { announceMove } from './actions.js';
import { chooseMembers } from './membersOf.js';

export default class Selection extends Element {
  #store;
  #first = null;

  connected() {
    this.#store = storeOf(this);
    this.target('buttons').prepend(...extensions.cardActions(2).filter(({ barText }) => barText).map((action) => button(action)));
    this.#store.watch('selection', () => this.#show(), this.signal);
    const handle = (command, handler) => command.handle(this.#store, handler, this.signal);
    handle(archiveCards, ({ ids }) => this.#store.doAll(ids.map((id) => archiveCard({ id }))));
    handle(deleteCards, ({ ids }) => this.#store.doAll(ids.map((id) => removeCard({ id }))));
    handle(editMembersOfCards, ({ ids }) => chooseMembers(this.#store, ids));
    handle(shiftCards, (detail) => this.#shift(detail));
    this.listen(document, 'keydown', (event) => this.#key(event));
  }

  /** A button of an action. */
  run(event, { value }) {
    const ids = this.#ids;
    this.#first = ids[0];
    extensions.get('action on cards', value).run(this.#store, { ids });
  }

  clear() {
    this.#first = this.#ids[0];
    this.#store.selection.clear();
    this.#store.emit('announce', t('cards.js.selection.cleared'));
  }

  // In the order of the board.
  get #ids() {
    const { view, selection } = this.#store;
    return selection.ids.map((id) => view.cards.get(id)).filter(Boolean).sort((a, b) => compareOnBoard(view, a, b)).map(({ id }) => id);
  }

  #show() {
    const { size } = this.#store.selection;
    const hadFocus = this.contains(document.activeElement);
    this.hidden = size === 0;
    this.target('count').textContent = size === 0 ? '' : t('cards.js.selection.count', { Count: size });
    if (size > 0 || !hadFocus) return;
    // The focus moves to the first card that was selected, and from there to its neighbour if the card is removed.
    document.getElementById(`c-${this.#first}`)?.querySelector('[data-main]').focus({ preventScroll: true });
  }

  #key(event) {
    if (keyOf(event) !== 'Escape' || event.defaultPrevented || this.#store.selection.size === 0 || isTyping(event.target)) return;
    if (document.querySelector('dialog:modal, :popover-open:not(.toasts)')) return;
    event.preventDefault();
    this.clear();
  }

  // To the neighbouring list, with the whole selection if the card is in it.
  #shift({ ids, step, toTop }) {
    const { view } = this.#store;
    const card = view.cards.get(ids[0]);
    const lists = listsOf(view);
    const list = card && lists[lists.findIndex(({ id }) => id === card.listId) + step];
    if (!list) return;
    const operation = blockMove(view, { ids, listId: list.id, pos: toTop ? 0 : cardsOf(view, list.id).length });
    if (!operation) return;
    this.#store.do(operation);
    if (ids.length === 1) announceMove(this.#store, card, list.id);
    else this.#store.emit('announce', t('cards.js.bulkMove.done', { Count: ids.length, List: list.name }));
    requestAnimationFrame(() => document.getElementById(`c-${card.id}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }
}

function button({ name, icon, danger, barText }) {
  const text = barText();
  return el('button', { class: danger ? 'btn btn-dangerQuiet' : 'btn', type: 'button', value: name, 'aria-label': text, 'data-action': 'click:run' },
    el('span', { class: `icon icon-small icon-${icon}`, 'aria-hidden': 'true' }), el('span', { class: 'selectionText' }, text));
}
