/** `<projects-leave>`: leaves the project after a confirmation. @later */
import { confirmDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { commandOf } from '../board/boardDialog.js';
import { storeOf } from '../board/store.js';

export default class Leave extends Element {
  connected() {
    storeOf(this).handle(commandOf(this), () => this.#ask(), this.signal);
  }

  async #ask() {
    const store = storeOf(this);
    const name = store.projectName;
    const agreed = await confirmDialog({
      title: t('projects.js.leave.title', { Name: name }), text: t('projects.js.leave.text'), main: t('projects.js.leave.main'), danger: true,
    });
    if (!agreed) return;
    await store.goHomeAfter(() => store.send('remove_user_from_project', { userId: Number(store.me) }), t('projects.js.leave.done', { Name: name }));
  }
}
