/** `<chats-project>`: whether the project has a chat, in its settings. @later */
import { confirmDialog } from '../components/dialog.js';
import { t } from '../lib/i18n.js';
import { SettingsPanel } from '../board/settingsPanel.js';
import { openChat } from './commands.js';

export default class Project extends SettingsPanel {
  fill() {
    const isOn = Boolean(this.store.view.parts.chat);
    this.target('switch').checked = isOn;
    this.target('open').hidden = !isOn;
  }

  follow() {
    this.fill();
  }

  /** The switch was pressed. What is deleted cannot come back, so it asks. */
  async change(event, { checked }) {
    const sure = checked || await confirmDialog({ title: t('chats.js.off.title'), text: t('chats.js.off.text'), main: t('chats.js.off.main'), danger: true });
    const done = sure && await this.ask(checked ? 'create_project_chat_group' : 'delete_project_chat_group', {});
    if (!done) this.fill();
  }

  /** Opens the chat beside the board. */
  openChat() {
    this.close();
    openChat(this.store);
  }
}
