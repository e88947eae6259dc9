/** `<projects-visibility>`: who can view the board without being a member. @later */
import { toast } from '../components/toast.js';
import { t } from '../lib/i18n.js';
import { SettingsPanel } from '../board/settingsPanel.js';

export default class Visibility extends SettingsPanel {
  fill() {
    this.#choice.value = this.store.view.project.visibility;
  }

  follow({ view, previous }) {
    const before = previous.project.visibility;
    if (view.project.visibility !== before && this.#choice.value === before) this.fill();
  }

  async save(event) {
    event.preventDefault();
    const { value } = this.#choice;
    const isNew = value !== this.store.view.project.visibility;
    if (isNew && !await this.ask('change_project_visibility', { value })) return;
    this.close();
    if (isNew) toast(t('projects.js.visibility.saved'), { kind: 'success' });
  }

  get #choice() {
    return this.form.elements.value;
  }
}
