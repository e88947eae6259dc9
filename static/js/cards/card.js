/** `<cards-card>`: the window of a card. @later */
import { avatar } from '../components/avatar.js';
import { openCard } from '../board/commands.js';
import { extensions } from '../board/extensions.js';
import { ItemWindow } from '../board/itemWindow.js';
import { el, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { editCard, setCover } from './operations.js';

export default class Card extends ItemWindow {
  get kind() {
    return 'card';
  }

  get mentionable() {
    return () => [...this.store.view.members.values()].filter(({ id }) => id !== this.store.me);
  }

  handleOpen(open) {
    openCard.handle(this.store, open, this.signal);
  }

  editOf(edit) {
    return editCard(edit);
  }

  coverTo(file) {
    return setCover({ id: this.item.id, file });
  }

  get goneText() {
    return t('cards.js.gone');
  }

  focusOn(at) {
    if (at === 'name') this.target('name').begin();
    if (at === 'members') this.#openMembers();
  }

  showRest(card) {
    const { view } = this.store;
    this.target('list').textContent = view.lists.get(card.listId)?.name ?? '';
    this.#showMembers(card, view.members);
    this.#showActions(card);
  }

  /** Adds a member to the card or removes them. */
  toggleMember(event, box) {
    const change = box.checked ? { newMembers: [box.value] } : { removedMembers: [box.value] };
    this.store.do(editCard({ id: this.item.id, ...change }));
  }

  #openMembers() {
    const picker = this.target('members');
    picker.open = true;
    (picker.querySelector('input') ?? picker.querySelector('summary')).focus();
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

  // The actions of the card's menu that are in the window, too.
  #showActions(card) {
    const place = this.target('actions');
    if (!place) return;
    const about = { card, count: 1, store: this.store };
    const shown = extensions.cardActions(1).filter(({ inWindow }) => inWindow);
    if (place.childElementCount === 0) place.append(...shown.map((action) => this.#actionButton(action, about)));
    for (const [index, { isDisabled }] of shown.entries()) place.children[index].disabled = isDisabled(about);
  }

  #actionButton(action, about) {
    return el('button', { class: action.danger ? 'btn btn-dangerQuiet' : 'btn', type: 'button', value: action.name, onclick: () => this.#run(action) },
      icon(action.icon), (action.barText ?? action.text)(about));
  }

  #run({ inWindow, run }) {
    const card = this.item;
    if (inWindow === 'closes') this.close();
    run(this.store, { card, ids: [card.id] });
  }
}
