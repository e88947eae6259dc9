/**
 * `<cards-composer>`: adds cards to the end of its list. Enter adds and stays, Ctrl or Cmd and Enter adds and opens, Escape
 * closes. Typed text is kept as a draft: on blur, on Escape, and over a reload. The button that opens the composer then
 * shows that there is a draft.
 */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { isFocusLost } from '../lib/focus.js';
import { keyOf } from '../lib/keys.js';
import { clearFilter, composeCard, openCard } from '../board/commands.js';
import { cardsOf, listsOf } from '../board/model/boardState.js';
import { extensions } from '../board/extensions.js';
import { createCard, moveCard } from './operations.js';
import { cardSchema } from './schema.js';
import { storeOf } from '../board/store.js';
import { linesOf, oneCard, severalCards, tooLongBy } from './typed.js';
import { t } from '../lib/i18n.js';

export default class Composer extends Element {
  #store;
  #after = undefined;

  connected() {
    this.#store = storeOf(this);
    const draft = this.#draft.get();
    if (draft) this.#show(draft);
    this.#store.on('draft', ({ name, text }) => name === this.#draftName && this.#restore(text), this.signal);
    if (this.#isFirstStep) this.target('opener').focus();
    composeCard.handle(this.#store, ({ listId, after }) => listId === this.#listId && this.#openBelow(after), this.signal);
  }

  // On a new board, which has lists but no card, the first list's button gets the focus.
  get #isFirstStep() {
    const { view } = this.#store;
    return view.cards.size === 0 && isFocusLost() && listsOf(view)[0]?.id === this.#listId;
  }

  open() {
    this.#setAfter(undefined);
    // The field is shown before the button is hidden: hiding the focused element causes a blur.
    this.target('form').hidden = false;
    this.target('field').focus();
    this.#show(this.target('field').value);
  }

  close() {
    if (!this.target('field').value.trim()) this.#clear();
    this.target('form').hidden = true;
    this.target('opener').hidden = false;
    this.target('kept').hidden = this.target('field').value === '';
    this.target('opener').focus();
    this.#restoreFocus(this.#after);
    this.#setAfter(undefined);
  }

  /** Closes an empty composer on blur. */
  async left(event) {
    // A redraw that moves the list removes and restores the focus: the result is known afterwards.
    await null;
    if (this.contains(event.relatedTarget) || this.contains(document.activeElement) || this.target('field').value.trim()) return;
    this.target('form').hidden = true;
    this.target('opener').hidden = false;
  }

  key(event) {
    const key = keyOf(event);
    if (key === 'Escape') {
      event.stopPropagation();
      this.close();
    } else if (key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#add([oneCard(this.target('field').value)], event.ctrlKey || event.metaKey);
    }
  }

  typed() {
    this.#showProblem('');
    this.#draft.set(this.target('field').value);
    this.#offerSeveral();
  }

  add(event) {
    event.preventDefault();
    this.#add([oneCard(this.target('field').value)]);
  }

  addSeveral() {
    this.#add(severalCards(this.target('field').value));
  }

  #clear() {
    this.target('field').value = '';
    this.#draft.set('');
    this.#offerSeveral();
  }

  get #listId() {
    return this.closest('[data-list-id]').dataset.listId;
  }

  get #draftName() {
    return `newCard:${this.#listId}`;
  }

  get #draft() {
    return this.#store.drafts.ofComposer(this.#draftName);
  }

  // New cards are then placed below this one, each below the one before.
  #openBelow(after) {
    this.open();
    this.#setAfter(after);
  }

  #setAfter(id) {
    const card = this.#store.view.cards.get(id);
    this.#after = card?.id;
    this.target('where').hidden = !card;
    this.target('where').textContent = card ? t('cards.js.composer.below', { Name: card.name }) : '';
  }

  // The focus returns to the last new card, once the board has drawn it.
  #restoreFocus(id) {
    if (id === undefined) return;
    requestAnimationFrame(() => document.getElementById(`c-${this.#cardOf(id)?.id}`)?.querySelector('[data-main]').focus());
  }

  #cardOf(id) {
    const { view, model } = this.#store;
    return view.cards.get(model.realId(id) ?? id);
  }

  #add(cards, andOpen = false) {
    const wanted = cards.filter(({ name }) => name);
    const over = tooLongBy(wanted);
    this.#showProblem(over > 0 ? t('cards.js.composer.tooLong', { Count: over }) : '');
    if (over > 0 || wanted.length === 0) return;
    this.#clear();
    this.target('field').focus();
    const created = wanted.map((card) => this.#create(card, andOpen));
    const hidden = created.filter((card) => !this.#store.shows(card)).length;
    if (hidden > 0) toast(t('cards.js.composer.hiddenByFilter', { Count: hidden }), { actionLabel: t('cards.js.composer.show'), onAction: () => clearFilter(this.#store) });
  }

  #create(typed, andOpen) {
    const { card, operations } = extensions.readTyped(typed, this.#store);
    const operation = createCard({ listId: this.#listId, ...card });
    const created = { ...cardSchema.parse({ id: operation.temporaryId }), ...card };
    this.#store.do(operation);
    for (const other of operations(operation.temporaryId)) this.#store.do(other);
    if (this.#after !== undefined) this.#placeBelow(operation.temporaryId);
    if (andOpen) openCard(this.#store, { id: operation.temporaryId });
    requestAnimationFrame(() => this.#bringIntoView(operation.temporaryId));
    return this.#store.view.cards.get(operation.temporaryId) ?? created;
  }

  // Restores a refused card below the typed text and below cards restored before it.
  #restore(text) {
    this.#show([this.target('field').value.trimEnd(), text].filter(Boolean).join('\n'));
    this.#draft.set(this.target('field').value);
  }

  // The contract creates cards at the end; without the card above they stay there.
  #placeBelow(id) {
    const above = this.#cardOf(this.#after);
    const last = cardsOf(this.#store.view, this.#listId).length - 1;
    if (above?.listId !== this.#listId) this.#setAfter(undefined);
    else {
      if (above.pos + 1 < last) this.#store.do(moveCard({ id, listId: this.#listId, pos: above.pos + 1 }));
      this.#setAfter(id);
    }
  }

  #bringIntoView(id) {
    document.getElementById(`c-${id}`)?.scrollIntoView({ block: 'nearest' });
  }

  #show(text) {
    this.target('form').hidden = false;
    this.target('opener').hidden = true;
    this.target('field').value = text;
    this.#offerSeveral();
  }

  // A text that is too long stays in the field.
  #showProblem(text) {
    this.target('problem').textContent = text;
    this.target('problem').hidden = text === '';
  }

  #offerSeveral() {
    const count = linesOf(this.target('field').value).length;
    this.target('several').hidden = count < 2;
    if (count > 1) this.target('severalText').textContent = t('cards.js.composer.several', { Count: count });
  }
}
