/**
 * `<cards-selection>`: the bar at the board's foot that says how many cards are selected and does things with them. It
 * also does what is wished for cards elsewhere: by key for the one in focus, by menu for one.
 */
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { compareOnBoard } from '../projects/boardMoves.js';
import { blockMove } from '../projects/block.js';
import { cardsOf, listsOf } from '../projects/boardState.js';
import { archiveCard, removeCard } from '../projects/operations.js';
import { isTyping } from '../projects/shortcuts.js';
import { storeOf } from '../projects/store.js';
import { announceMove } from './menu.js';
import { chooseMembers } from './membersOf.js';

export default class Selection extends Element {
  #store;
  #first = null;

  connected() {
    this.#store = storeOf(this);
    this.#store.watch('selection', () => this.#show(), this.signal);
    const wishes = {
      'archive-cards': ({ ids }) => this.#store.doAll(ids.map((id) => archiveCard({ id }))),
      'delete-cards': ({ ids }) => this.#store.doAll(ids.map((id) => removeCard({ id }))),
      'members-of-cards': ({ ids }) => chooseMembers(this.#store, ids),
      'carry-cards': (wish) => this.#carry(wish),
    };
    for (const [name, fulfil] of Object.entries(wishes)) this.#store.on(name, fulfil, this.signal);
    this.listen(document, 'keydown', (event) => this.#key(event));
  }

  /** A button whose value is a wish about cards. */
  wish(event, button) {
    this.#first = this.#ids[0];
    this.#store.tell(button.value, { ids: this.#ids });
  }

  clear() {
    this.#first = this.#ids[0];
    this.#store.selection.clear();
    this.#store.tell('announce', t('cards.js.selection.cleared'));
  }

  // As they lie on the board: what is done one by one is done from the top.
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
    // The first of those that were selected has it then, and passes it on to its neighbour if it is about to go.
    document.getElementById(`c-${this.#first}`)?.querySelector('[data-main]').focus({ preventScroll: true });
  }

  #key(event) {
    if (keyOf(event) !== 'Escape' || event.defaultPrevented || this.#store.selection.size === 0 || isTyping(event.target)) return;
    if (document.querySelector('dialog:modal, :popover-open:not(.toasts)')) return;
    event.preventDefault();
    this.clear();
  }

  // To the neighbouring list, with all that are selected if the card is one of them.
  #carry({ ids, step, toTop }) {
    const { view } = this.#store;
    const card = view.cards.get(ids[0]);
    const lists = listsOf(view);
    const list = card && lists[lists.findIndex(({ id }) => id === card.listId) + step];
    if (!list) return;
    const operation = blockMove(view, { ids, listId: list.id, pos: toTop ? 0 : cardsOf(view, list.id).length });
    if (!operation) return;
    this.#store.do(operation);
    if (ids.length === 1) announceMove(this.#store, card, list.id);
    else this.#store.tell('announce', t('cards.js.transfer.done', { Count: ids.length, List: list.name }));
    requestAnimationFrame(() => document.getElementById(`c-${card.id}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }
}
