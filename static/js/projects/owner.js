/** `<projects-owner>`: transfers the project to a collaborator. Both then reload the board. @later */
import { avatar } from '../components/avatar.js';
import { el } from '../lib/dom.js';
import { handleOf } from '../lib/person.js';
import { SettingsPanel } from '../board/settingsPanel.js';
import { roleText } from '../board/view/roles.js';

export default class Owner extends SettingsPanel {
  fill() {
    this.#show();
    this.target('error').textContent = '';
  }

  follow({ view, previous }) {
    if (view.members !== previous.members) this.#show();
  }

  chosen() {
    this.target('error').textContent = '';
    this.target('main').disabled = !this.#chosen;
  }

  async save(event) {
    event.preventDefault();
    const newOwner = this.store.view.members.get(this.#chosen);
    if (!newOwner) return;
    const answer = await this.ask('change_project_owner', { nameOrEmail: newOwner.userName }, ({ fields, message }) => {
      this.target('error').textContent = fields?.nameOrEmail ?? message;
    });
    if (answer) this.close();
  }

  get #chosen() {
    return this.form.querySelector('[name="newOwner"]:checked')?.value;
  }

  #show() {
    const chosen = this.#chosen;
    const people = this.store.people.filter(({ role }) => role !== 'owner');
    this.target('people').replaceChildren(...people.map((person) => el('label', { class: 'choice' },
      el('input', { type: 'radio', name: 'newOwner', value: person.id, checked: person.id === chosen }),
      avatar(person, { size: 'medium', named: false }),
      el('span', { class: 'choiceText' }, el('strong', { dir: 'auto' }, person.name), ' ', el('span', { class: 'choiceWhy muted' }, [handleOf(person), roleText(person.role)].filter(Boolean).join(' · '))))));
    this.target('nobody').hidden = people.length > 0;
    this.target('main').disabled = !this.#chosen;
  }
}
