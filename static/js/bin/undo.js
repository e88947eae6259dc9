/**
 * `<bin-undo>`: takes back what this person did last, by a message with a button or by Ctrl+Z, and archives the card in
 * focus by C. The server refuses if somebody has changed the thing since.
 */
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { archiveCard } from '../projects/operations.js';
import { isTyping } from '../projects/shortcuts.js';
import { storeOf } from '../projects/store.js';
import { wayBack } from './wayBack.js';

const done = {
  removeCard: 'bin.js.undo.removeCard', archiveCard: 'bin.js.undo.archiveCard', moveCard: 'bin.js.undo.moveCard',
  moveCards: 'bin.js.undo.moveCards', removeList: 'bin.js.undo.removeList', archiveList: 'bin.js.undo.archiveList',
  moveList: 'bin.js.undo.moveList',
};

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

  #note({ operation, before, answered }) {
    const back = operation.args.undoes === undefined ? wayBack(operation, before) : null;
    if (!back) return;
    const last = this.#last = { back, answered };
    this.#leave();
    this.#leave = toast(t(done[operation.recipe], { Name: back.name, Count: back.count }), {
      actionLabel: t('bin.js.undo.main'), onAction: () => this.#last === last && this.#undo(),
    });
    answered.catch(() => this.#forget(last)); // whoever did it says why
  }

  #forget(last) {
    if (this.#last !== last) return;
    this.#last = null;
    this.#leave();
  }

  async #undo() {
    const { back, answered } = this.#last;
    this.#forget(this.#last);
    const answer = await answered.catch(() => null);
    if (!answer?.rev) return;
    if (await this.#store.do(back.make(answer.rev))) this.#store.tell('announce', t('bin.js.undo.done', { Name: back.name }));
  }

  #key(event) {
    if (event.defaultPrevented || event.altKey || event.shiftKey || isTyping(event.target) || document.querySelector('dialog:modal, [role="menu"]:popover-open')) return;
    const commanded = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (commanded && key === 'z' && this.#last) this.#undo();
    else if (commanded || key !== 'c' || !this.#archive()) return;
    event.preventDefault();
  }

  #archive() {
    const id = document.activeElement.closest('[data-card-id]')?.dataset.cardId;
    if (!id || !this.#store.canWrite) return false;
    this.#store.do(archiveCard({ id }));
    return true;
  }
}
