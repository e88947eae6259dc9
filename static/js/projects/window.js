/**
 * What the windows of a board have in common: `<projects-details>` is opened by the wish "open-details", is filled when
 * it opens and follows the board while it is open.
 */
import { showDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { storeOf } from './store.js';

/** The wish that opens a window, by its tag. */
export function wishOf({ localName }) {
  return localName.replace(/^\w+-/, 'open-');
}

export class Window extends Element {
  connected() {
    this.store = storeOf(this);
    this.store.on(wishOf(this), () => this.open(), this.signal);
    this.store.on('change', (change) => this.isOpen && this.follow(change), this.signal);
  }

  /** Shows what the window is about: called before it opens. */
  fill() {}

  /** The board has changed while the window is open. */
  follow() {}

  /** The window's form; what stands in a form inside `<ui-form>` is a part, not a target. */
  get form() {
    return this.querySelector('form');
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  get isOpen() {
    return this.target('dialog').open;
  }

  /** Opens the window; done with the value of the button that closed it, "" if there was none. */
  async open() {
    if (this.isOpen) return '';
    this.fill();
    return showDialog(this.target('dialog'));
  }

  close() {
    this.target('dialog').close();
  }

  /** Closes this window and wishes for another one. */
  goOn(wish) {
    this.close();
    this.store.tell(wish, {});
  }

  /**
   * Sends an event about the project and shows meanwhile that it is on its way.
   *
   * @param {(error: {message: string, fields?: Record<string, string>}) => void} [refused] shows why it was refused;
   *   a message in the corner otherwise
   * @returns {Promise<object | null>} the answer, null if it was refused or one is on its way
   */
  async ask(event, data, refused = ({ fields, message }) => toast(firstOf(fields) ?? message, { kind: 'danger' })) {
    const dialog = this.target('dialog');
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

function firstOf(fields) {
  return Object.values(fields ?? {})[0];
}

function withMessage({ code, message, fields }) {
  const offline = code === 'offline' || code === 'timeout';
  return { code, fields, message: message || t(offline ? 'projects.js.notSent' : 'projects.js.refused') };
}
