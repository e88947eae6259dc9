/** `<projects-people>`: the members; the owner changes roles and removes members. @later */
import { avatar } from '../components/avatar.js';
import { confirmDialog } from '../components/dialog.js';
import { openMenu } from '../components/menu.js';
import { toast } from '../components/toast.js';
import { el, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { handleOf } from '../lib/person.js';
import { contains } from '../lib/text.js';
import { roleText } from '../board/view/roles.js';
import { SettingsPanel } from '../board/settingsPanel.js';

const SEARCH_FROM = 8; // members

export default class People extends SettingsPanel {
  fill() {
    this.target('search').value = '';
    this.show();
  }

  follow({ view, previous }) {
    if (view.members !== previous.members) this.show();
  }

  /** Shows the members one of whose names contains the typed text. */
  show() {
    const { people } = this.store;
    const typed = this.target('search').value.trim();
    this.target('search').hidden = people.length < SEARCH_FROM;
    const found = people.filter(({ name, userName }) => contains(name, typed) || contains(userName, typed));
    const focused = document.activeElement.dataset.member;
    this.target('people').replaceChildren(...found.map((person) => this.#row(person)));
    if (focused) this.target('people').querySelector(`[data-member="${focused}"]`)?.focus();
    this.target('nobody').hidden = found.length > 0;
  }

  /** Opens the owner's menu for a member. */
  manage(event, button) {
    const person = this.store.view.members.get(button.dataset.member);
    if (!person) return;
    const role = (name) => ({ text: roleText(name), checked: person.role === name, action: () => this.#give(person, name) });
    openMenu(button, [
      role('admin'), role('access-only'),
      { text: t('projects.js.people.remove'), icon: 'delete', danger: true, action: () => this.#remove(person) },
    ], { label: person.name });
  }

  invite() {
    this.goOn('open-invite');
  }

  async #give(person, role) {
    if (person.role === role) return;
    const answer = await this.ask('change_user_role', { userId: Number(person.id), newRole: role });
    if (answer) toast(t('projects.js.people.changed', { Name: person.name, Role: roleText(role) }), { kind: 'success' });
  }

  async #remove(person) {
    const agreed = await confirmDialog({
      title: t('projects.js.people.removeTitle', { Name: person.name }), text: t('projects.js.people.removeText'),
      main: t('projects.js.people.removeMain'), danger: true,
    });
    const answer = agreed && await this.ask('remove_user_from_project', { userId: Number(person.id) });
    if (answer) toast(t('projects.js.people.removed', { Name: person.name }), { kind: 'success' });
  }

  #row(person) {
    const isMe = person.id === this.store.me;
    return el('li', { class: 'person', id: `member-${person.id}` },
      avatar(person, { size: 'medium', named: false }),
      el('a', { class: 'personName', dir: 'auto', href: person.goToUrl }, person.name, isMe && el('span', { class: 'muted' }, ` ${t('projects.js.people.you')}`)),
      handleOf(person) && el('span', { class: 'personHandle muted small' }, handleOf(person)),
      this.#canManage(person) ? this.#manageButton(person) : el('span', { class: person.role === 'owner' ? 'tag' : 'muted small' }, roleText(person.role)));
  }

  #canManage(person) {
    return this.store.may('manageMembers') && person.role !== 'owner';
  }

  #manageButton(person) {
    return el('button', {
      class: 'btn personRole', type: 'button', 'aria-haspopup': 'menu', 'data-member': person.id, 'data-action': 'click:manage',
      'aria-label': t('projects.js.people.manage', { Name: person.name, Role: roleText(person.role) }),
    }, roleText(person.role), icon('chevronDown'));
  }
}
