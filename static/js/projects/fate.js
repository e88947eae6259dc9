/**
 * What becomes of this person's part in the project: another role, removal, leaving, the end of the project. The page
 * is then loaded anew, left, or closed; what is typed is kept by the drafts.
 */
import { leaveMessage } from '../lib/handOver.js';
import { t } from '../lib/i18n.js';
import { roleText } from './roles.js';

export class Fate {
  #store;
  #page;
  #isDecided = false;

  /**
   * @param {import('./store.js').BoardStore} store
   * @param {{reload: () => void, go: (path: string) => void}} [page] the browser's
   */
  constructor(store, page = { reload: () => location.reload(), go: (path) => location.assign(path) }) {
    this.#store = store;
    this.#page = page;
  }

  /** Hears an event of either namespace. */
  hear(name, [data]) {
    const about = Number(this.#store.view.project.id);
    if (name === 'force_reload' && (data?.projectId ?? about) === about) this.reload();
    if (name === 'now_collab_of_project' && data.id === about && this.#store.role === 'no-role') this.reload();
    if (name === 'removed_as_collab_of_project' && Number(data) === about) this.#removed();
    if (name === 'project_closed') this.close({ code: 'closed' });
    if (name === 'project_deleted') this.close({ code: 'deleted' });
  }

  /** The board is closed to this person: by the server's word, or because it does not answer any more. */
  close(reason) {
    if (this.#isDecided) return;
    this.#isDecided = true;
    this.#store.tell('gone', reason);
  }

  /** Loads the page anew, at the address the project has by now. */
  async reload() {
    if (this.#isDecided) return;
    this.#isDecided = true;
    await this.#store.catchUp();
    const role = this.#store.view.members.get(this.#store.me)?.role;
    if (role && role !== this.#store.role) leaveMessage(t('projects.js.fate.role', { Role: roleText(role) }));
    this.#page.reload();
  }

  /**
   * Does what ends this person's part, and goes to the start page, which shows the message. If it is refused nothing
   * has happened.
   *
   * @param {() => Promise<object | null>} act null if it was refused and that has been said
   */
  async goHomeAfter(act, message) {
    this.#isDecided = true;
    try {
      if (await act()) {
        this.#goHome(message);
        return;
      }
    } catch (error) {
      this.#store.tell('refused', error);
    }
    this.#isDecided = false;
  }

  #removed() {
    if (this.#isDecided) return;
    this.#isDecided = true;
    this.#goHome(t('projects.js.fate.removed', { Name: this.#store.projectName }));
  }

  #goHome(message) {
    leaveMessage(message);
    this.#page.go('/');
  }
}
