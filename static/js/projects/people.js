/** `<projects-people>`: who is on the board, as faces and as a window with names and roles. */
import { avatar, avatarStack } from '../components/avatar.js';
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { Window } from './window.js';

export default class People extends Window {
  connected() {
    super.connected();
    this.store.on('change', ({ view, previous }) => view.members !== previous.members && this.#show(), this.signal);
    this.#show();
  }

  #show() {
    const people = [...this.store.view.members.values()].sort((a, b) => a.name.localeCompare(b.name));
    this.target('faces').replaceChildren(avatarStack(people, { most: 5 }));
    this.target('people').replaceChildren(...people.map((person) => el('li', { class: 'person', id: `member-${person.id}` },
      avatar(person, { size: 'medium', named: false }),
      el('a', { class: 'personName', href: person.goToUrl }, person.name),
      el('span', { class: 'muted small' }, roleText(person.role)))));
  }
}

function roleText(role) {
  if (role === 'owner') return t('projects.js.role.owner');
  return role === 'admin' ? t('projects.js.role.admin') : t('projects.js.role.reader');
}
