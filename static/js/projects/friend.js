/** `<projects-friend>`: makes a friend a collaborator. */
import { toast } from '../components/toast.js';
import { t } from '../lib/i18n.js';
import { Window } from './window.js';

export default class Friend extends Window {
  fill() {
    this.form.reset();
    this.#fields.role.value = 'access-only';
    this.target('check').show(this.#fields.friendNameOrEmail, '');
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
}
