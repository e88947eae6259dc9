/** `<projects-owner>`: gives the project to a collaborator. The answer is that both load the board anew. @later */
import { avatar } from '../components/avatar.js';
import { el } from '../lib/dom.js';
import { Window } from './window.js';
import { roleText } from './roles.js';

export default class Owner extends Window {
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
    const heir = this.store.view.members.get(this.#chosen);
    if (!heir) return;
    const answer = await this.ask('change_project_owner', { nameOrEmail: heir.name }, ({ fields, message }) => {
      this.target('error').textContent = fields?.nameOrEmail ?? message;
    });
    if (answer) this.close();
  }

  get #chosen() {
    return this.form.querySelector('[name="heir"]:checked')?.value;
  }

  #show() {
    const chosen = this.#chosen;
    const people = this.store.people.filter(({ role }) => role !== 'owner');
    this.target('people').replaceChildren(...people.map((person) => el('label', { class: 'choice' },
      el('input', { type: 'radio', name: 'heir', value: person.id, checked: person.id === chosen }),
      avatar(person, { size: 'medium', named: false }),
      el('span', { class: 'choiceText' }, el('strong', { dir: 'auto' }, person.name), ' ', el('span', { class: 'choiceWhy muted' }, roleText(person.role))))));
    this.target('nobody').hidden = people.length > 0;
    this.target('main').disabled = !this.#chosen;
  }
}
