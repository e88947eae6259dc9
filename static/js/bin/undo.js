/**
 * `<bin-undo>`: takes back what this person did on this page, the last act first: by a message with a button, or by
 * Ctrl+Z as often as there are acts (UndoStack). An act on several things is taken back as a whole, except for those that
 * another person has changed since: the server refuses them.
 */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { focusOn } from '../projects/focusing.js';
import { isTyping } from '../projects/shortcuts.js';
import { storeOf } from '../projects/store.js';
import { UndoStack } from './undoStack.js';

const done = {
  removeCard: 'bin.js.undo.removeCard', archiveCard: 'bin.js.undo.archiveCard', moveCard: 'bin.js.undo.moveCard',
  moveCards: 'bin.js.undo.moveCards', removeList: 'bin.js.undo.removeList', archiveList: 'bin.js.undo.archiveList',
  moveList: 'bin.js.undo.moveList',
};

const doneWithSeveral = { removeCard: 'bin.js.undo.removeCards', archiveCard: 'bin.js.undo.archiveCards' };

export default class Undo extends Element {
  #store;
  #stack = new UndoStack();
  #shown = null; // the act that the message in the corner offers to take back
  #leave = () => {};
  #undoing = Promise.resolve();

  connected() {
    this.#store = storeOf(this);
    this.#store.on('doing', (doing) => this.#note(doing), this.signal);
    this.#store.on('change', ({ event }) => event && this.#store.whoDid(event) !== undefined && this.#stack.changedByOthers(event), this.signal);
    this.listen(document, 'keydown', (event) => this.#key(event));
  }

  disconnected() {
    this.#leave();
  }

  #note(doing) {
    const act = this.#stack.add(doing);
    if (!act) return;
    this.#leave();
    this.#shown = act;
    this.#leave = toast(textOf(act), { actionLabel: t('bin.js.undo.main'), onAction: () => this.#undo(act, { focus: true }) });
    act.settled.then((isDone) => !isDone && this.#forget(act)); // the refusal has been shown already
  }

  #forget(act) {
    this.#stack.remove(act);
    if (this.#shown === act) this.#leave();
  }

  // One after the other: what is taken back next depends on the number of the step before.
  #undo(act, options) {
    if (!this.#stack.take(act)) return;
    if (this.#shown === act) this.#leave();
    this.#undoing = this.#undoing.then(() => this.#undoNow(act, options));
  }

  async #undoNow(act, { focus = false } = {}) {
    const operations = await this.#stack.wayBackOf(act);
    if (operations.length === 0) return;
    const answers = this.#store.doAll(operations);
    if (focus) requestAnimationFrame(() => focusOn(elementOf(act)));
    const undone = (await answers).filter(Boolean).length;
    if (undone > 0) toast(t('bin.js.undo.undone', { What: textOf(act) }), { kind: 'success' });
  }

  #key(event) {
    if (event.defaultPrevented || event.altKey || event.shiftKey || isTyping(event.target) || document.querySelector('dialog:modal, [role="menu"]:popover-open')) return;
    if (!(event.ctrlKey || event.metaKey) || keyOf(event).toLowerCase() !== 'z') return;
    event.preventDefault();
    const { last } = this.#stack;
    if (last) this.#undo(last);
    else toast(t('bin.js.undo.nothing'));
  }
}

function textOf({ steps: [{ recipe, name, count }, ...others] }) {
  return others.length > 0 ? t(doneWithSeveral[recipe], { Count: others.length + 1 }) : t(done[recipe], { Name: name, Count: count });
}

function elementOf({ ids: [id] }) {
  return document.getElementById(`c-${id}`) ?? document.getElementById(`l-${id}`);
}
