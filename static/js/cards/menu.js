/** `<cards-menu>`: what can be done with a card, as a menu. The way to move without dragging. */
import { openMenu } from '../components/menu.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { cardsOf, listsOf } from '../projects/boardState.js';
import { toggleSelected } from '../projects/choosing.js';
import { moveCard } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';

export default class Menu extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    this.#store.on('card-menu', ({ id, anchor }) => this.#open(id, anchor), this.signal);
  }

  #open(id, anchor) {
    const { view } = this.#store;
    const card = view.cards.get(id);
    if (!card) return;
    const { selection } = this.#store;
    if (selection.size > 1 && selection.has(id)) openMenu(anchor, this.#itemsForSeveral(card), { label: t('cards.js.selection.count', { Count: selection.size }) });
    else openMenu(anchor, this.#items(card), { label: card.name });
  }

  #items(card) {
    const { id } = card;
    const { view } = this.#store;
    const lists = listsOf(view);
    const at = lists.findIndex((list) => list.id === card.listId);
    const last = cardsOf(view, card.listId).length - 1;
    const move = (text, icon, listId, pos, disabled) => ({ text, icon, disabled, action: () => this.#move(card, listId, pos) });
    return [
      { text: t('cards.js.menu.open'), icon: 'card', keys: 'Enter', action: () => this.#store.tell('open-card', { id }) },
      { text: t('cards.js.menu.rename'), icon: 'edit', keys: 'E', action: () => this.#store.tell('open-card', { id, at: 'name' }) },
      { text: t('cards.js.menu.members'), icon: 'users', keys: 'M', action: () => this.#store.tell('open-card', { id, at: 'members' }) },
      this.#select(card),
      { text: t('cards.js.menu.move'), icon: 'move', action: () => this.#store.tell('move-card', { id }) },
      move(t('cards.js.menu.up'), 'arrowUp', card.listId, card.pos - 1, card.pos === 0),
      move(t('cards.js.menu.down'), 'arrowDown', card.listId, card.pos + 1, card.pos >= last),
      move(t('cards.js.menu.top'), 'chevronUp', card.listId, 0, card.pos === 0),
      move(t('cards.js.menu.bottom'), 'chevronDown', card.listId, last, card.pos >= last),
      move(t('cards.js.menu.left'), 'arrowLeft', lists[at - 1]?.id, card.pos, at <= 0),
      move(t('cards.js.menu.right'), 'arrowRight', lists[at + 1]?.id, card.pos, at >= lists.length - 1),
      { text: t('cards.js.menu.archive'), icon: 'archive', keys: 'C', action: () => this.#store.tell('archive-cards', { ids: [id] }) },
      { text: t('cards.js.menu.delete'), icon: 'delete', danger: true, action: () => this.#store.tell('delete-cards', { ids: [id] }) },
    ];
  }

  // The menu of a card that is selected together with others is about all of them.
  #itemsForSeveral(card) {
    const { ids } = this.#store.selection;
    const all = { Count: ids.length };
    const wish = (name) => () => this.#store.tell(name, { ids });
    return [
      { text: t('cards.js.several.move', all), icon: 'move', action: wish('move-card') },
      { text: t('cards.js.menu.members'), icon: 'users', keys: 'M', action: wish('members-of-cards') },
      this.#select(card),
      { text: t('cards.js.several.archive', all), icon: 'archive', keys: 'C', action: wish('archive-cards') },
      { text: t('cards.js.several.delete', all), icon: 'delete', danger: true, action: wish('delete-cards') },
    ];
  }

  #select({ id }) {
    const text = this.#store.selection.has(id) ? t('cards.js.menu.deselect') : t('cards.js.menu.select');
    return { text, icon: 'check', keys: 'S', action: () => toggleSelected(this.#store, id) };
  }

  #move(card, listId, pos) {
    const place = Math.min(pos, cardsOf(this.#store.view, listId).length);
    this.#store.do(moveCard({ id: card.id, listId, pos: place }));
    announceMove(this.#store, card, listId);
  }
}

/** Says where a card is now. */
export function announceMove(store, { id, name }, listId) {
  const { view } = store;
  const cards = cardsOf(view, listId);
  store.tell('announce', t('cards.js.moved', {
    Name: name, List: view.lists.get(listId)?.name ?? '', Position: cards.findIndex((card) => card.id === id) + 1, Total: cards.length,
  }));
}
