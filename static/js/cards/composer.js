/**
 * `<cards-composer>`: adds cards to the end of the list it stands in. Enter adds and stays, Ctrl or Cmd and Enter adds
 * and opens, Escape closes; what is typed is kept when the pointer goes elsewhere, and over a reload.
 */
import { Element } from '../lib/element.js';
import { createCard } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';
import { linesOf, oneCard, severalCards } from './typed.js';
import { t } from '../lib/i18n.js';

export default class Composer extends Element {
  #store;

  connected() {
    this.#store = storeOf(this);
    const draft = this.#store.drafts.get(this.#draftName);
    if (draft) this.#show(draft);
    this.#store.on('compose-card', ({ listId }) => listId === this.#listId && this.open(), this.signal);
  }

  open() {
    // First the field, then the button goes: hiding what has the focus would count as leaving.
    this.target('form').hidden = false;
    this.target('field').focus();
    this.#show(this.target('field').value);
  }

  close() {
    this.target('field').value = '';
    this.#store.drafts.set(this.#draftName, '');
    this.target('form').hidden = true;
    this.target('opener').hidden = false;
    this.#offerSeveral();
    this.target('opener').focus();
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
    if (event.isComposing) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.close();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#add([oneCard(this.target('field').value)], event.ctrlKey || event.metaKey);
    }
  }

  typed() {
    this.#store.drafts.set(this.#draftName, this.target('field').value);
    this.#offerSeveral();
  }

  add(event) {
    event.preventDefault();
    this.#add([oneCard(this.target('field').value)]);
  }

  addSeveral() {
    this.#add(severalCards(this.target('field').value));
  }

  get #listId() {
    return this.closest('[data-list-id]').dataset.listId;
  }

  get #draftName() {
    return `newCard:${this.#listId}`;
  }

  #add(cards, andOpen = false) {
    const wanted = cards.filter(({ name }) => name);
    this.target('field').value = '';
    this.#store.drafts.set(this.#draftName, '');
    this.#offerSeveral();
    this.target('field').focus();
    for (const card of wanted) this.#create(card, andOpen);
  }

  async #create(card, andOpen) {
    const operation = createCard({ listId: this.#listId, ...card });
    const done = this.#store.do(operation);
    if (andOpen) this.#store.tell('open-card', { id: operation.temporaryId });
    // The end of the list is where the composer is: the new card is to be seen above it.
    requestAnimationFrame(() => this.#showEnd());
    if (!this.#store.shows({ ...card, members: [] })) this.#store.tell('announce', t('cards.js.composer.hiddenByFilter'));
    if (await done) return;
    // Refused: the words are given back, unless others are being typed by now.
    if (!this.target('field').value) this.#show(this.#store.drafts.get(this.#draftName));
  }

  #showEnd() {
    const cards = this.closest('[data-list-id]')?.querySelector('[data-cards]');
    if (cards) cards.scrollTop = cards.scrollHeight;
  }

  #show(text) {
    this.target('form').hidden = false;
    this.target('opener').hidden = true;
    this.target('field').value = text;
    this.#offerSeveral();
  }

  #offerSeveral() {
    const count = linesOf(this.target('field').value).length;
    this.target('several').hidden = count < 2;
    if (count > 1) this.target('severalText').textContent = t('cards.js.composer.several', { Count: count });
  }
}
