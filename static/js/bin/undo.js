/**
 * `<bin-undo>`: takes back what this person did last, by a message with a button or by Ctrl+Z. An act on several things is
 * taken back as a whole, except for those that somebody has changed since: the server refuses them.
 */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { isTyping } from '../projects/shortcuts.js';
import { storeOf } from '../projects/store.js';
import { wayBack } from './wayBack.js';

const done = {
  removeCard: 'bin.js.undo.removeCard', archiveCard: 'bin.js.undo.archiveCard', moveCard: 'bin.js.undo.moveCard',
  moveCards: 'bin.js.undo.moveCards', removeList: 'bin.js.undo.removeList', archiveList: 'bin.js.undo.archiveList',
  moveList: 'bin.js.undo.moveList',
};

const doneWithSeveral = { removeCard: 'bin.js.undo.removeCards', archiveCard: 'bin.js.undo.archiveCards' };

export default class Undo extends Element {
  #store;
  #last = null;
  #leave = () => {};

  connected() {
    this.#store = storeOf(this);
    this.#store.on('doing', (doing) => this.#note(doing), this.signal);
    this.listen(document, 'keydown', (event) => this.#key(event));
  }

  disconnected() {
    this.#leave();
  }

  #note({ steps }) {
    const backs = steps.map(({ operation, before, answered }) => ({ operation, answered, ...wayOf(operation, before) })).filter(({ make }) => make);
    if (backs.length === 0) return;
    const last = this.#last = { backs };
    this.#leave();
    const [{ operation: { recipe }, name, count }] = backs;
    const text = backs.length > 1 ? t(doneWithSeveral[recipe], { Count: backs.length }) : t(done[recipe], { Name: name, Count: count });
    this.#leave = toast(text, { actionLabel: t('bin.js.undo.main'), onAction: () => this.#last === last && this.#undo() });
    this.#forgetIfRefused(last);
  }

  // Whoever did it says why.
  async #forgetIfRefused(last) {
    const outcomes = await Promise.allSettled(last.backs.map(({ answered }) => answered));
    if (outcomes.every(({ status }) => status === 'rejected')) this.#forget(last);
  }

  #forget(last) {
    if (this.#last !== last) return;
    this.#last = null;
    this.#leave();
  }

  // From the last to the first, so that each finds the places as they were when it went.
  async #undo() {
    const { backs } = this.#last;
    this.#forget(this.#last);
    const operations = [];
    for (const { answered, make } of backs.toReversed()) {
      const answer = await answered.catch(() => null);
      if (answer?.rev) operations.push(make(answer.rev));
    }
    if (operations.length === 0) return;
    const undone = (await this.#store.doAll(operations)).filter(Boolean).length;
    if (undone === 0) return;
    this.#store.tell('announce', undone > 1 ? t('bin.js.undo.doneSeveral', { Count: undone }) : t('bin.js.undo.done', { Name: backs[0].name }));
  }

  #key(event) {
    if (event.defaultPrevented || event.altKey || event.shiftKey || isTyping(event.target) || document.querySelector('dialog:modal, [role="menu"]:popover-open')) return;
    if (!(event.ctrlKey || event.metaKey) || keyOf(event).toLowerCase() !== 'z' || !this.#last) return;
    event.preventDefault();
    this.#undo();
  }
}

function wayOf(operation, before) {
  return operation.args.undoes === undefined ? wayBack(operation, before) : null;
}
