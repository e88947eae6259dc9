/**
 * The texts of refused operations, which become drafts again so that nothing typed is lost. A text without a place on the
 * board is kept until the person has copied or discarded it ("returned").
 */
import { reasonText } from './reason.js';

const RETURNED = 'returned'; // the name of the draft

export class RefusedTexts {
  #store;

  /** @param {import('../store.js').BoardStore} store */
  constructor(store) {
    this.#store = store;
  }

  /** Shows what an earlier page has kept. */
  open() {
    const kept = this.#store.drafts.get(RETURNED);
    if (kept) this.#store.set('returned', kept);
  }

  /** Whether leaving the page would lose a text: the browser does not store it. */
  get isUnsaved() {
    return Boolean(this.#store.get('returned')) && !this.#store.drafts.get(RETURNED);
  }

  /** Restores the drafts of a refused operation and says why it was refused. */
  restore({ texts, draft }, error) {
    if (draft) this.#restoreComposer(draft);
    const about = texts && this.#restoreTexts(texts);
    const isConflict = Boolean(about) && error.code === 'conflict';
    if (about) this.#store.emit(isConflict ? 'conflict' : 'draft', about);
    // Operations that depend on a refused one are refused without a message of their own.
    if (!error.follows && !isConflict) this.#store.emit('refused', { code: error.code, fields: error.fields, message: reasonText(error) });
  }

  /** Keeps a text that has no place on the board. */
  keep(text) {
    const all = [this.#store.drafts.get(RETURNED) || this.#store.get('returned'), text].filter(Boolean).join('\n\n');
    this.#store.drafts.set(RETURNED, all);
    this.#store.set('returned', all);
  }

  /** Discards the texts that have no place on the board. */
  discard() {
    this.#store.drafts.set(RETURNED, '');
    this.#store.set('returned', '');
  }

  // Appended to the text in the composer, so that several refused cards do not overwrite each other.
  #restoreComposer({ listId, text }) {
    const { drafts, model, view } = this.#store;
    const list = listId && (model.realId(listId) ?? listId);
    const name = list ? `newCard:${list}` : 'newList';
    const draft = drafts.ofComposer(name);
    const typed = draft.get().trimEnd();
    if (list ? !view.lists.has(list) : typed) {
      this.keep(text);
      return;
    }
    draft.set([typed, text].filter(Boolean).join('\n'));
    this.#store.emit('draft', { name, text });
  }

  #restoreTexts({ kind, id: knownAs, changes, base }) {
    const { drafts, model, view } = this.#store;
    const id = model.realId(knownAs);
    const isOnBoard = id !== undefined && view[`${kind}s`].has(id);
    const fields = Object.keys(changes).filter((field) => changes[field]);
    for (const field of fields) {
      const draft = drafts.of(`${kind}:${id}:${field}`);
      const { text: other } = draft.get();
      const isFree = isOnBoard && (!other || other === changes[field]);
      if (!isFree || !draft.set(changes[field], base[field])) this.keep(changes[field]);
    }
    return isOnBoard && fields.length > 0 ? { kind, id } : null;
  }
}
