/** `<profiles-friend>`: what can be done about another person. Asks before a friendship ends. @later */
import { showDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';

export default class Friend extends Element {
  connected() {
    const dialog = this.target('dialog');
    if (!dialog?.open) return;
    dialog.close();
    showDialog(dialog);
  }

  ask(event) {
    event.preventDefault();
    this.querySelector('[popover]').hidePopover();
    showDialog(this.target('dialog'));
  }

  keep(event) {
    event.preventDefault(); // the window closes by itself
  }

  async remove(event) {
    event.preventDefault();
    try {
      await fetchJSON(event.target.action, { body: new FormData(event.target) });
      await this.#leave();
    } catch (error) {
      this.target('dialog').close();
      toast(error.message, { kind: 'danger' });
    }
  }

  // A private profile is not for people who are no friends any more.
  async #leave() {
    const answer = await fetch(location.pathname, { method: 'HEAD' });
    location.assign(answer.ok ? location.pathname : '/');
  }
}
