/**
 * What becomes of this person's part in the project: another role, removal, leaving, the end of the project. The page
 * is then loaded anew, left, or closed; what is typed is kept by the drafts.
 */
import { setFlashMessage } from '../../lib/flashMessage.js';
import { t } from '../../lib/i18n.js';
import { roleText } from '../view/roles.js';

const EVENTS = new Set(['force_reload', 'now_collab_of_project', 'removed_as_collab_of_project', 'project_closed', 'project_deleted']);

export class MembershipWatcher {
  #store;
  #page;
  #isLeaving = false;

  /**
   * @param {import('../store.js').BoardStore} store
   * @param {{reload: () => void, go: (path: string) => void}} [page] the browser's
   */
  constructor(store, page = { reload: () => location.reload(), go: (path) => location.assign(path) }) {
    this.#store = store;
    this.#page = page;
  }

  /** Takes an event of either namespace; false if it is not about the membership. */
  receive(name, [data]) {
    const about = Number(this.#store.view.project.id);
    if (name === 'force_reload' && (data?.projectId ?? about) === about) this.reload();
    if (name === 'now_collab_of_project' && data.id === about && this.#store.role === 'no-role') this.reload();
    if (name === 'removed_as_collab_of_project' && Number(data) === about) this.#removed();
    if (name === 'project_closed') this.#revoked();
    if (name === 'project_deleted') this.close({ code: 'deleted' });
    return EVENTS.has(name);
  }

  /** Closes the board: the server has revoked the access, or refuses to answer. */
  close(reason) {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#store.set('closed', reason);
  }

  /** Loads the page anew, at the address the project has by now. */
  async reload() {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    await this.#store.catchUp();
    const message = this.#change();
    if (message) setFlashMessage(message);
    this.#page.reload();
  }

  // What has changed for this person since the page was loaded, as a sentence; null if nothing has.
  #change() {
    const { view, me, role } = this.#store;
    const now = view.members.get(me)?.role;
    if (now && now !== role) return t('projects.js.membership.role', { Role: roleText(now) });
    const { adminsInvite } = view.project;
    if (now !== 'admin' || adminsInvite === this.#store.may('addMembers')) return null;
    return t(adminsInvite ? 'projects.js.membership.mayInvite' : 'projects.js.membership.mayNotInvite');
  }

  /**
   * Does what ends this person's part, and goes to the start page, which shows the message. If it is refused nothing
   * has happened.
   *
   * @param {() => Promise<object | null>} act null if it was refused and that has been said
   */
  async goHomeAfter(act, message) {
    this.#isLeaving = true;
    try {
      if (await act()) {
        this.#goHome(message);
        return;
      }
    } catch (error) {
      this.#store.emit('refused', error);
    }
    this.#isLeaving = false;
  }

  // A member loses access by removal only. The event that says so takes another way, and may come after this one.
  #revoked() {
    if (this.#store.role === 'no-role') this.close({ code: 'closed' });
    else this.#removed();
  }

  #removed() {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#goHome(t('projects.js.membership.removed', { Name: this.#store.projectName }));
  }

  #goHome(message) {
    setFlashMessage(message);
    this.#page.go('/');
  }
}
