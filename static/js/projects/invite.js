/**
 * `<projects-invite>`: the window with all ways to invite. Its own are the links, one per role: copy, renew, switch off and
 * on; the others are sections. @later
 */
import { confirmDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { t } from '../lib/i18n.js';
import { BoardDialog } from '../board/boardDialog.js';

export default class Invite extends BoardDialog {
  connected() {
    super.connected();
    for (const section of this.targets('link')) this.#show(section, {});
  }

  /** Loads the links at every opening: another page of the owner may have renewed them. */
  async fill() {
    for (const section of this.#sections) section.fill();
    this.#showOthers(this.store.view);
    const answer = await this.ask('list_invite_links', {});
    for (const link of answer?.links ?? []) this.#show(this.#section(link.role), link);
  }

  follow(change) {
    for (const section of this.#sections) section.follow(change);
    this.#showOthers(change.view);
  }

  async letOthers(event, box) {
    const on = box.checked;
    if (!await this.ask('let_admins_invite', { on })) box.checked = !on;
  }

  async turn(event, box) {
    const section = box.closest('section');
    const on = box.checked;
    if (!await this.ask('switch_invite_link', { role: section.dataset.role, on })) box.checked = !on;
    this.#show(section, { on: box.checked });
  }

  async renew(event, button) {
    const section = button.closest('section');
    const agreed = await confirmDialog({
      title: t('projects.js.invite.renewTitle'), text: t('projects.js.invite.renewText'), main: t('projects.js.invite.renewMain'), danger: true,
    });
    const answer = agreed && await this.ask('renew_invite_link', { role: section.dataset.role });
    if (!answer) return;
    this.#show(section, answer);
    toast(t('projects.js.invite.renewed'), { kind: 'success' });
  }

  get #sections() {
    return this.querySelectorAll('[data-section]');
  }

  #showOthers({ project }) {
    const others = this.target('others');
    if (others) others.checked = project.adminsInvite;
  }

  #section(role) {
    return this.targets('link').find((section) => section.dataset.role === role);
  }

  #show(section, { on = this.#part(section, 'on').checked, link }) {
    section.toggleAttribute('data-off', !on);
    this.#part(section, 'on').checked = on;
    this.#part(section, 'state').textContent = on ? t('projects.js.invite.on') : t('projects.js.invite.off');
    this.#part(section, 'text').disabled = !on;
    this.#part(section, 'copy').disabled = !on;
    if (link) this.#part(section, 'text').value = link;
  }

  #part(section, name) {
    return section.querySelector(`[data-part="${name}"]`);
  }
}
