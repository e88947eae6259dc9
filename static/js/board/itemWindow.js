/**
 * The base class of the windows of cards and lists: texts edited in place, files, sections of modules. A window is updated
 * while it is open, and has an address (view/address.js).
 */
import { showDialog } from '../components/dialog.js';
import { hasMarkup, preloadMarkdown } from '../components/richText.js';
import { Element, upgraded } from '../lib/element.js';
import { openDialogId, popDialog, pushDialog, renameDialog } from './view/address.js';
import { showSections } from './view/sections.js';
import { storeOf } from './store.js';

const TEXTS = ['name', 'desc'];

export class ItemWindow extends Element {
  #id = null;
  #ready = null;

  /** "card" or "list". */
  get kind() {
    throw new Error('a window says what kind of item it shows');
  }

  /** Who can be mentioned in the texts: those who are told of it. */
  get mentionable() {
    return undefined;
  }

  /** Handles the command that opens the window, until the signal aborts. */
  handleOpen() {}

  /** The operation that changes the item: `{id, changes, base, files}`. */
  editOf() {}

  /** The operation that shows a file on the item, if it has a cover. */
  coverTo() {}

  /** The message when another member has removed the item. */
  get goneText() {
    return '';
  }

  /** Shows what this kind of item has besides texts, files and sections. */
  showRest() {}

  /** Moves the focus to a part of the window, as the command asks. */
  focusOn() {}

  /** Fetches what the texts of the board will need. */
  static preload({ view }) {
    for (const items of [view.cards, view.lists]) {
      for (const { desc } of items.values()) if (hasMarkup(desc)) return preloadMarkdown();
    }
    return null;
  }

  connected() {
    this.store = storeOf(this);
    // The window can be filled when the elements inside are upgraded.
    this.#ready = upgraded(this);
    this.handleOpen((detail) => this.#open(detail));
    this.store.on('change', ({ event }) => this.#id && this.#refresh(event), this.signal);
    for (const name of ['conflict', 'draft']) this.store.on(name, ({ kind, id }) => kind === this.kind && id === this.#id && this.#show(), this.signal);
    this.listen(window, 'popstate', () => this.#followAddress());
    this.#ready.then(() => this.isConnected && this.#followAddress());
  }

  rename({ detail: { value, base } }) {
    this.#edit({ changes: { name: value }, base: { name: base } });
  }

  describe({ detail: { value, base } }) {
    this.#edit({ changes: { desc: value }, base: { desc: base } });
  }

  /** Restores an earlier text. */
  putBack({ detail }) {
    this.#edit({ changes: detail });
  }

  /** The item that the window shows, undefined if it is not on the board any more. */
  get item() {
    return this.store.view[`${this.kind}s`].get(this.store.model.realId(this.#id) ?? this.#id);
  }

  /** Closes the window; the focus returns to the board, where undo is offered. */
  close() {
    this.#dialog.close();
  }

  get #dialog() {
    return this.target('dialog');
  }

  #edit(edit) {
    this.store.do(this.editOf({ id: this.#id, ...edit }));
  }

  async #open({ id, at }) {
    await this.#ready;
    this.#id = id;
    if (!this.item) {
      this.#id = null;
      popDialog(this.kind);
      return;
    }
    pushDialog(this.kind, id);
    this.#show();
    const closed = this.#dialog.open ? null : showDialog(this.#dialog);
    if (at) this.focusOn(at);
    if (!closed) return;
    await closed;
    this.#id = null;
    popDialog(this.kind);
  }

  #followAddress() {
    const wanted = openDialogId(this.kind);
    if (wanted && wanted !== this.#id) this.#open({ id: wanted });
    else if (!wanted && this.#dialog.open) this.#dialog.close();
  }

  #show() {
    const { item } = this;
    const readOnly = !this.store.canWrite;
    for (const text of TEXTS) {
      this.target(text).show({ value: item[text], readOnly, draft: this.store.drafts.of(`${this.kind}:${item.id}:${text}`), people: this.mentionable });
    }
    this.#showOthers(item);
  }

  #refresh(event) {
    const { item } = this;
    const real = this.store.model.realId(this.#id);
    if (real !== undefined && real !== this.#id) {
      this.#id = real;
      renameDialog(this.kind, real);
    }
    if (!item) {
      this.#dialog.close();
      this.store.emit('refused', { message: this.goneText });
      return;
    }
    const who = event?.name === `update_${this.kind}` ? this.store.whoDid(event) : undefined;
    for (const text of TEXTS) this.target(text).update(item[text], who);
    this.#showOthers(item);
  }

  #showOthers(item) {
    const { kind } = this;
    this.target('files').show({
      kind, id: item.id, key: this.store.model.keyOf(kind, item.id), files: item.files, pictures: item.pictures,
      operation: (files) => this.editOf({ id: item.id, changes: {}, files }), cover: item.cover, coverTo: (file) => this.coverTo(file),
    });
    showSections(this, item);
    this.showRest(item);
  }
}
