/** `<projects-chat>`: the project's chat group, on or off. @later */
import { confirmDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { t } from '../lib/i18n.js';
import { Window } from './window.js';

export default class Chat extends Window {
  fill() {
    const isOn = this.store.view.project.hasChat;
    this.target('create').hidden = isOn;
    this.target('remove').hidden = !isOn;
    this.target('state').textContent = isOn ? t('projects.js.chat.on') : t('projects.js.chat.off');
  }

  follow() {
    this.fill();
  }

  async create() {
    if (!await this.ask('create_project_chat_group', {})) return;
    this.close();
    toast(t('projects.js.chat.created'), { kind: 'success' });
  }

  async remove() {
    const agreed = await confirmDialog({
      title: t('projects.js.chat.removeTitle'), text: t('projects.js.chat.removeText'), main: t('projects.js.chat.removeMain'), danger: true,
    });
    if (!agreed || !await this.ask('delete_project_chat_group', {})) return;
    this.close();
    toast(t('projects.js.chat.removed'), { kind: 'success' });
  }
}
