/** `<cards-dialog>`: the window of a card, live while open. Everything is changed where it stands. */
import { avatar } from '../components/avatar.js';
import { showDialog } from '../components/dialog.js';
import { el } from '../lib/dom.js';
import { awake, Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { entered, left, renamed, wantedBy } from '../projects/address.js';
import { archiveCard, editCard, removeCard } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';

export default class Dialog extends Element {
  #store;
  #id = null;

  async connected() {
    this.#store = storeOf(this);
    // What is inside wakes up by itself; the window cannot be filled before.
    await awake(this);
    if (!this.isConnected) return;
    this.#store.on('open-card', (wish) => this.#open(wish), this.signal);
    this.#store.on('change', ({ event }) => this.#id && this.#refresh(event), this.signal);
    for (const name of ['conflict', 'draft']) this.#store.on(name, ({ kind, id }) => kind === 'card' && id === this.#id && this.#show(), this.signal);
    this.listen(window, 'popstate', () => this.#followAddress());
    this.#followAddress();
  }

  rename({ detail: { value, base } }) {
    this.#store.do(editCard({ id: this.#id, changes: { name: value }, base: { name: base } }));
  }

  describe({ detail: { value, base } }) {
    this.#store.do(editCard({ id: this.#id, changes: { desc: value }, base: { desc: base } }));
  }

  /** Puts an earlier text back. */
  putBack({ detail }) {
    this.#store.do(editCard({ id: this.#id, changes: detail }));
  }

  /** Puts a member on the card or takes them off. */
  toggleMember(event, box) {
    const change = box.checked ? { newMembers: [box.value] } : { removedMembers: [box.value] };
    this.#store.do(editCard({ id: this.#id, ...change }));
  }

  move() {
    this.#store.tell('move-card', { id: this.#id });
  }

  archive() {
    this.#leaveWith(archiveCard);
  }

  remove() {
    this.#leaveWith(removeCard);
  }

  get #dialog() {
    return this.target('dialog');
  }

  get #card() {
    return this.#store.view.cards.get(this.#store.model.realId(this.#id) ?? this.#id);
  }

  // The window closes first: the way back is offered on the board.
  #leaveWith(operation) {
    const { id } = this.#card;
    this.#dialog.close();
    this.#store.do(operation({ id }));
  }

  async #open({ id, at }) {
    this.#id = id;
    if (!this.#card) {
      this.#id = null;
      left('card');
      return;
    }
    entered('card', id);
    this.#show();
    const closed = this.#dialog.open ? null : showDialog(this.#dialog);
    if (at === 'name') this.target('name').begin();
    if (at === 'members') this.#openMembers();
    if (!closed) return;
    await closed;
    this.#id = null;
    left('card');
  }

  #openMembers() {
    const picker = this.target('members');
    picker.open = true;
    (picker.querySelector('input') ?? picker.querySelector('summary')).focus();
  }

  #followAddress() {
    const wanted = wantedBy('card');
    if (wanted && wanted !== this.#id) this.#open({ id: wanted });
    else if (!wanted && this.#dialog.open) this.#dialog.close();
  }

  #show() {
    const card = this.#card;
    const readOnly = !this.#store.canWrite;
    const draft = (field) => this.#store.drafts.of(`card:${card.id}:${field}`);
    this.target('name').show({ value: card.name, readOnly, draft: draft('name') });
    this.target('desc').show({ value: card.desc, readOnly, draft: draft('desc') });
    this.target('versions')?.show(card);
    this.#showRest(card);
  }

  #refresh(event) {
    const card = this.#card;
    const real = this.#store.model.realId(this.#id);
    if (real !== undefined && real !== this.#id) {
      this.#id = real;
      renamed('card', real);
    }
    if (!card) {
      this.#dialog.close();
      this.#store.tell('refused', { message: t('cards.js.gone') });
      return;
    }
    const who = event?.name === 'update_card' ? this.#store.whoDid(event) : undefined;
    this.target('name').update(card.name, who);
    this.target('desc').update(card.desc, who);
    this.target('versions')?.show(card);
    this.#showRest(card);
  }

  #showRest(card) {
    const { view } = this.#store;
    this.target('list').textContent = view.lists.get(card.listId)?.name ?? '';
    this.target('files').show({ kind: 'card', id: card.id, key: this.#store.model.keyOf('card', card.id), files: card.files, operation: (files) => editCard({ id: card.id, files }) });
    this.#showMembers(card, view.members);
  }

  #showMembers(card, members) {
    const people = card.members.map((id) => members.get(id)).filter(Boolean);
    this.target('people').replaceChildren(...people.map((person) =>
      el('li', {}, el('a', { class: 'personChip', dir: 'auto', href: person.goToUrl, 'data-face': person.id }, avatar(person, { named: false }), person.name))));
    this.target('nobody').hidden = people.length > 0;
    const picker = this.target('choices');
    if (!picker) return;
    const sorted = [...members.values()].sort((a, b) => a.name.localeCompare(b.name));
    const ids = sorted.map(({ id }) => id).join();
    if (picker.dataset.ids !== ids) picker.replaceChildren(...sorted.map((person) => this.#choice(person)));
    picker.dataset.ids = ids;
    for (const box of picker.querySelectorAll('input')) box.checked = card.members.includes(box.value);
  }

  #choice(person) {
    return el('label', { class: 'memberChoice' },
      el('input', { type: 'checkbox', value: person.id, 'data-action': 'change:toggleMember' }), avatar(person, { named: false }), el('span', { dir: 'auto' }, person.name));
  }
}
