/** `<projects-friend>`: makes a friend a collaborator, chosen from the owner's friends or named. @later */
import { avatar } from '../components/avatar.js';
import { toast } from '../components/toast.js';
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { contains, fold } from '../lib/text.js';
import { Window } from './window.js';

const MOST_SHOWN = 6;

export default class Friend extends Window {
  #friends = [];

  fill() {
    this.form.reset();
    this.#fields.role.value = 'access-only';
    this.target('check').show(this.#fields.friendNameOrEmail, '');
    this.suggest();
    this.#load();
  }

  follow({ view, previous }) {
    if (view.members !== previous.members) this.suggest();
  }

  /** Offers the friends who are no members yet and whose name has what is typed. */
  suggest() {
    const typed = this.#fields.friendNameOrEmail.value.trim();
    const { members } = this.store.view;
    const fitting = this.#friends.filter(({ id, name }) => !members.has(String(id)) && contains(name, typed));
    this.part('suggestions').replaceChildren(...fitting.slice(0, MOST_SHOWN).map((friend) => el('li', {}, el('button', {
      class: 'suggestion', type: 'button', value: friend.name, 'data-action': 'click:take', 'aria-pressed': String(fold(friend.name) === fold(typed)),
    }, avatar(friend, { named: false }), friend.name))));
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
    this.close();
    toast(t('projects.js.friend.added', { Name: name }), { kind: 'success' });
  }

  get #fields() {
    return this.form.elements;
  }

  // Without the offers the window is as useful as before, so nothing is said when they do not come.
  async #load() {
    const answer = await this.store.send('list_addable_friends', {}).catch(() => null);
    this.#friends = answer?.people ?? [];
    if (this.isOpen) this.suggest();
  }
}
