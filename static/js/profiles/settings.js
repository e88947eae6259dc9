/** `<profiles-settings>`: switches that act at once, and the forms in windows. Without it each form is a page. @later */
import { showDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { t } from '../lib/i18n.js';

const STALE = 419; // another person has logged in since the page was loaded

export default class Settings extends Element {
  connected() {
    // What the server has opened becomes a window.
    for (const dialog of this.querySelectorAll('dialog[open]')) {
      dialog.close();
      this.#show(dialog);
    }
  }

  open(event, link) {
    event.preventDefault();
    this.#show(this.querySelector(`#w-${link.dataset.dialog}`));
  }

  cancel(event) {
    event.preventDefault(); // the window closes by itself
  }

  async flip(_event, node) {
    const value = node.checked;
    node.disabled = true;
    try {
      await fetchJSON(this.dataset.path, { body: { setting: node.name, value } });
      toast(t('profiles.js.saved'), { kind: 'success' });
    } catch (error) {
      node.checked = !value;
      if (error.status === STALE) this.#show(this.querySelector('#w-staleToken'));
      else toast(error.message, { kind: 'danger' });
    }
    node.disabled = false;
    node.focus();
  }

  #show(dialog) {
    showDialog(dialog, { closable: dialog.dataset.closable !== 'false' });
    dialog.querySelector('[aria-invalid="true"]')?.focus();
  }
}
