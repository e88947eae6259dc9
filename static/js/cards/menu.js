/** `<cards-menu>`: the menu of a card or of all selected cards; its entries are the actions that modules add. */
import { openMenu } from '../components/menu.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { openCardMenu } from '../board/commands.js';
import { extensions } from '../board/extensions.js';
import { storeOf } from '../board/store.js';

export default class Menu extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    openCardMenu.handle(this.#store, ({ id, anchor }) => this.#open(id, anchor), this.signal);
  }

  // The menu of a card that is selected together with others applies to all of them.
  #open(id, anchor) {
    const card = this.#store.view.cards.get(id);
    if (!card) return;
    const ids = this.#store.selection.targetsOf(id);
    const label = ids.length > 1 ? t('cards.js.selection.count', { Count: ids.length }) : card.name;
    const about = { card, count: ids.length, store: this.#store };
    openMenu(anchor, extensions.cardActions(ids.length).filter(({ isHidden }) => !isHidden?.(about)).map((action) => this.#item(action, about, ids)), { label });
  }

  #item({ icon, keys, danger, text, isDisabled, run }, about, ids) {
    const { card } = about;
    return { text: text(about), icon, keys, danger, disabled: isDisabled(about), action: () => run(this.#store, { card, ids }) };
  }
}
