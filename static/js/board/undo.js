/**
 * `<board-undo>`: undoes what this person did on this page, the last act first: by a message with a button, or by Ctrl+Z as
 * often as there are acts (UndoStack); Ctrl+Shift+Z redoes. An act on several things is undone as a whole, except for those
 * that another person has changed since. What can be undone is registered by modules (`addUndo`). There is a message only
 * for what is not seen on the board anyway, and on devices without a keyboard.
 */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { isTyping, keyOf } from '../lib/keys.js';
import { extensions } from './extensions.js';
import { focusOn } from './input/focus.js';
import { storeOf } from './store.js';
import { UndoStack } from './undoStack.js';

export default class Undo extends Element {
  #store;
  #stack;
  #shown = null; // the act that the message in the corner offers to undo
  #leave = () => {};
  #undoing = Promise.resolve();

  connected() {
    this.#store = storeOf(this);
    this.#stack = new UndoStack((id) => this.#store.model.realId(id));
    this.#store.watch('act', (steps) => this.#note(steps), this.signal);
    this.#store.on('change', ({ event }) => event && this.#store.isByOthers(event) && this.#stack.changedByOthers(event), this.signal);
    this.listen(document, 'keydown', (event) => this.#key(event));
  }

  disconnected() {
    this.#leave();
  }

  #note(doing) {
    const act = this.#stack.add(doing);
    if (!act) return;
    if (act.isNew) this.#offer(act);
    act.settled.then((isDone) => !isDone && this.#forget(act)); // the refusal has been shown already
  }

  // The board draws in this frame what the act has changed.
  #offer(act) {
    this.#leave();
    const { message } = extensions.get('inverse operation', act.label.type);
    if (message === 'never') return;
    if (message === 'always') this.#show(act);
    else requestAnimationFrame(() => (hasNoKeyboard() || !isSeen(elementOf(act))) && this.#stack.last === act && this.#show(act));
  }

  #show(act) {
    this.#shown = act;
    this.#leave = toast(textOf(act), { actionLabel: t('projects.js.undo.main'), onAction: () => this.#undo(act, { focus: true }) });
  }

  #forget(act) {
    this.#stack.remove(act);
    if (this.#shown === act) this.#leave();
  }

  // One after the other: the next depends on the revision of the one before.
  #undo(act, options) {
    if (!this.#stack.take(act)) return;
    if (this.#shown === act) this.#leave();
    this.#undoing = this.#undoing.then(() => this.#undoNow(act, options));
  }

  async #undoNow(act, { focus = false, isRedo = false } = {}) {
    const { operations, changed } = await this.#stack.inverseOperations(act);
    if (changed > 0) toast(t('projects.js.undo.changed'), { kind: 'warning' });
    if (operations.length === 0) return;
    const answers = this.#store.doAll(operations);
    if (focus) requestAnimationFrame(() => focusOn(elementOf(act)));
    const undone = (await answers).filter(Boolean).length;
    if (undone > 0) toast(t(isRedo ? 'projects.js.undo.redone' : 'projects.js.undo.undone', { What: textOf(act) }), { kind: 'success' });
  }

  #key(event) {
    if (event.defaultPrevented || event.altKey || isTyping(event.target) || document.querySelector('dialog:modal, [role="menu"]:popover-open')) return;
    if (!(event.ctrlKey || event.metaKey) || keyOf(event).toLowerCase() !== 'z') return;
    event.preventDefault();
    // What is still being undone or redone decides what is next.
    const isRedo = event.shiftKey;
    this.#undoing = this.#undoing.then(() => this.#next(isRedo));
  }

  #next(isRedo) {
    const next = isRedo ? this.#stack.lastUndone : this.#stack.last;
    if (!next) {
      toast(t(isRedo ? 'projects.js.undo.nothingToRedo' : 'projects.js.undo.nothing'));
      return null;
    }
    this.#stack.take(next);
    if (this.#shown === next) this.#leave();
    return this.#undoNow(next, { isRedo });
  }
}

function textOf({ label: { type, name, count, detail, steps } }) {
  const { done, doneWithSeveral } = extensions.get('inverse operation', type);
  return steps > 1 ? doneWithSeveral({ Count: steps }) : done({ Name: name, Count: count, detail });
}

function elementOf({ ids: [id] }) {
  return document.getElementById(`c-${id}`) ?? document.getElementById(`l-${id}`);
}

function hasNoKeyboard() {
  return matchMedia('(pointer: coarse)').matches;
}

// Whether something is inside the window and its list.
function isSeen(element) {
  if (!element?.checkVisibility()) return false;
  const box = element.getBoundingClientRect();
  const frame = (element.closest('[data-cards]') ?? element.closest('board-root')).getBoundingClientRect();
  return box.right > 0 && box.left < innerWidth && box.bottom > frame.top && box.top < frame.bottom;
}
