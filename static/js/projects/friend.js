/** `<projects-friend>`: the part of the invite window that adds a friend of this person, chosen from a list or by name. @later */
import { avatar } from '../components/avatar.js';
import { toast } from '../components/toast.js';
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { handleOf, toPerson } from '../lib/person.js';
import { contains, fold } from '../lib/text.js';
import { BoardSection } from '../board/boardDialog.js';

const MOST_SHOWN = 6;

export default class Friend extends BoardSection {
  #friends = [];

  fill() {
    this.form.reset();
    this.target('check').show(this.#fields.friendNameOrEmail, '');
    this.suggest();
    this.#load();
  }

  follow({ view, previous }) {
    if (view.members !== previous.members) this.suggest();
  }

  /** Suggests the friends who are not members and whose name contains the typed text. */
  suggest() {
    const typed = this.#fields.friendNameOrEmail.value.trim();
    const { members } = this.store.view;
    const fitting = this.#friends.filter(({ id, name, userName }) => !members.has(String(id)) && (contains(name, typed) || contains(userName, typed)));
    this.part('suggestions').replaceChildren(...fitting.slice(0, MOST_SHOWN).map((friend) => el('li', {}, el('button', {
      class: 'suggestion', type: 'button', value: friend.userName, 'data-action': 'click:take', 'aria-pressed': String(fold(friend.userName) === fold(typed)),
    }, avatar(friend, { named: false }), el('span', { dir: 'auto' }, friend.name), el('span', { class: 'muted small' }, handleOf(friend))))));
  }

  take(event, button) {
    const field = this.#fields.friendNameOrEmail;
    field.value = button.value;
    this.target('check').show(field, '');
    this.suggest();
    this.part('suggestions').querySelector('button')?.focus();
  }

  async save(event) {
    event.preventDefault();
    const { friendNameOrEmail: field, role } = this.#fields;
    const name = field.value.trim();
    const answer = await this.ask('add_friend_to_project', { friendNameOrEmail: name, role: role.value }, ({ fields, message }) => {
      this.target('check').show(field, fields?.friendNameOrEmail ?? fields?.role ?? message);
      field.focus();
    });
    this.target('check').settle();
    if (!answer) return;
    field.value = '';
    this.suggest();
    toast(t('projects.js.friend.added', { Name: name }), { kind: 'success' });
  }

  get #fields() {
    return this.form.elements;
  }

  // The dialog also works without suggestions, so their failure is not reported.
  async #load() {
    const answer = await this.store.send('list_addable_friends', {}).catch(() => null);
    this.#friends = (answer?.people ?? []).map(toPerson);
    if (this.isConnected) this.suggest();
  }
}
