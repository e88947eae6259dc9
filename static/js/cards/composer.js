/**
 * `<cards-composer>`: adds cards to the end of the list it stands in. Enter adds and stays, Ctrl or Cmd and Enter adds
 * and opens, Escape closes; what is typed is kept: when the pointer goes elsewhere, on Escape, and over a reload. The button
 * that opens the composer again then says so.
 */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { keyOf } from '../lib/keys.js';
import { cardsOf } from '../projects/boardState.js';
import { createCard, moveCard } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';
import { linesOf, oneCard, severalCards, tooLongBy } from './typed.js';
import { t } from '../lib/i18n.js';

export default class Composer extends Element {
  #store;
  #after = undefined;

  connected() {
    this.#store = storeOf(this);
    const draft = this.#draft.get();
    if (draft) this.#show(draft);
    this.#store.on('draft', ({ name, text }) => name === this.#draftName && this.#takeBack(text), this.signal);
    this.#store.on('compose-card', ({ listId, after }) => listId === this.#listId && this.#openBelow(after), this.signal);
  }

  open() {
    this.#setAfter(undefined);
    // First the field, then the button goes: hiding what has the focus would count as leaving.
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
    this.#goBackTo(this.#after);
    this.#setAfter(undefined);
  }

  /** The focus goes elsewhere: an empty composer closes, a filled one waits. */
  async left(event) {
    // A redraw that moves the list takes the focus and gives it back: whether it is gone shows afterwards.
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
    this.#complain('');
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

  // New cards then go below this one, each below the one before.
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

  // Whoever put cards below another goes on from the last of them. The board may be a frame behind.
  #goBackTo(id) {
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
    this.#complain(over > 0 ? t('cards.js.composer.tooLong', { Count: over }) : '');
    if (over > 0 || wanted.length === 0) return;
    this.#clear();
    this.target('field').focus();
    for (const card of wanted) this.#create(card, andOpen);
    const hidden = wanted.filter((card) => !this.#store.shows({ ...card, members: [] })).length;
    if (hidden > 0) toast(t('cards.js.composer.hiddenByFilter', { Count: hidden }), { actionLabel: t('cards.js.composer.show'), onAction: () => this.#store.tell('clear-filter') });
  }

  #create(card, andOpen) {
    const operation = createCard({ listId: this.#listId, ...card });
    this.#store.do(operation);
    if (this.#after !== undefined) this.#placeBelow(operation.temporaryId);
    if (andOpen) this.#store.tell('open-card', { id: operation.temporaryId });
    requestAnimationFrame(() => this.#bringIntoView(operation.temporaryId));
  }

  // A refused card comes back, below what is typed by now and below others that came back before it.
  #takeBack(text) {
    this.#show([this.target('field').value.trimEnd(), text].filter(Boolean).join('\n'));
    this.#draft.set(this.target('field').value);
  }

  // The contract makes cards at the end; if the one above has gone, the end it is.
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

  // What does not fit stays in the field, to be shortened there.
  #complain(text) {
    this.target('problem').textContent = text;
    this.target('problem').hidden = text === '';
  }

  #offerSeveral() {
    const count = linesOf(this.target('field').value).length;
    this.target('several').hidden = count < 2;
    if (count > 1) this.target('severalText').textContent = t('cards.js.composer.several', { Count: count });
  }
}
