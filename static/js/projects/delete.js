/** `<projects-delete>`: deletes the project once its name has been typed. @later */
import { t } from '../lib/i18n.js';
import { SettingsPanel } from '../board/settingsPanel.js';

export default class Delete extends SettingsPanel {
  fill() {
    this.#field.value = '';
    this.#show();
  }

  follow({ view, previous }) {
    if (view.project !== previous.project) this.#show();
  }

  typed() {
    this.target('note').textContent = '';
    const { name, title } = this.store.view.project;
    this.target('main').disabled = ![name, title].includes(this.#field.value.trim());
  }

  async save(event) {
    event.preventDefault();
    if (this.target('main').disabled) return;
    const { id, name } = this.store.view.project;
    const answer = this.ask('delete_project', { id: Number(id), confirmName: name }, ({ fields, message }) => {
      this.target('note').textContent = fields?.confirmName ?? message;
    });
    await this.store.goHomeAfter(() => answer, t('projects.js.delete.done', { Name: this.store.projectName }));
  }

  get #field() {
    return this.form.elements.confirmName;
  }

  #show() {
    this.target('label').textContent = t('projects.js.delete.type', { Name: this.store.view.project.name });
    this.typed();
  }
}
