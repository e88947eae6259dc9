/**
 * The base classes of a board's dialogs and of their parts: `<projects-details>` is opened by the command "open-details",
 * filled when it opens and updated with the board while it is open.
 */
import { showDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { runCommand } from './commands.js';
import { storeOf } from './store.js';

/** The command that opens a dialog: `data-command`, or else derived from its tag. */
export function commandOf({ localName, dataset }) {
  return dataset.command ?? localName.replace(/^\w+-/, 'open-');
}

/** The base class of a part of a dialog with a form of its own: the dialog calls `fill` and `follow`. */
export class BoardSection extends Element {
  connected() {
    this.store = storeOf(this);
  }

  /** Fills the part; called before its dialog opens. */
  fill() {}

  /** Called when the board changes while the dialog is open. */
  follow() {}

  /** The form; fields in a form inside `<ui-form>` are parts, not targets. */
  get form() {
    return this.querySelector('form');
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  get dialog() {
    return this.closest('dialog');
  }

  /**
   * Sends an event about the project and marks the dialog as busy until the answer.
   *
   * @param {(error: {message: string, fields?: Record<string, string>}) => void} [refused] shows why it was refused;
   *   by default as a toast
   * @returns {Promise<object | null>} the answer, null if it was refused or another request is in flight
   */
  async ask(event, data, refused = ({ fields, message }) => toast(firstOf(fields) ?? message, { kind: 'danger' })) {
    const { dialog } = this;
    if (dialog?.hasAttribute('data-busy')) return null;
    dialog?.setAttribute('data-busy', '');
    try {
      return await this.store.send(event, data);
    } catch (error) {
      refused(withMessage(error));
      return null;
    } finally {
      dialog?.removeAttribute('data-busy');
    }
  }
}

export class BoardDialog extends BoardSection {
  connected() {
    super.connected();
    this.store.handle(commandOf(this), () => this.open(), this.signal);
    this.store.on('change', (change) => this.isOpen && this.follow(change), this.signal);
  }

  get dialog() {
    return this.target('dialog');
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** Opens the dialog; resolves to the value of the button that closed it, "" if there was none. */
  async open() {
    if (this.isOpen) return '';
    this.fill();
    return showDialog(this.dialog);
  }

  close() {
    this.dialog.close();
  }

  /** Closes this dialog and opens another. */
  goOn(command) {
    this.close();
    runCommand(this.store, command);
  }
}

function firstOf(fields) {
  return Object.values(fields ?? {})[0];
}

function withMessage({ code, message, fields }) {
  const offline = code === 'offline' || code === 'timeout';
  return { code, fields, message: message || t(offline ? 'projects.js.notSent' : 'projects.js.refused') };
}
