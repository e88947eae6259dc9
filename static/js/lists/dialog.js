/** `<lists-dialog>`: the window of a list: name, description, files. Live while open. */
import { showDialog } from '../components/dialog.js';
import { awake, Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { entered, left, renamed, wantedBy } from '../projects/address.js';
import { archiveList, editList, removeList } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';

export default class Dialog extends Element {
  #store;
  #id = null;

  async connected() {
    this.#store = storeOf(this);
    // What is inside wakes up by itself; the window cannot be filled before.
    await awake(this);
    if (!this.isConnected) return;
    this.#store.on('open-list', ({ id }) => this.#open(id), this.signal);
    this.#store.on('change', ({ event }) => this.#id && this.#refresh(event), this.signal);
    for (const name of ['conflict', 'draft']) this.#store.on(name, ({ kind, id }) => kind === 'list' && id === this.#id && this.#showTexts(), this.signal);
    this.listen(window, 'popstate', () => this.#followAddress());
    this.#followAddress();
  }

  rename({ detail: { value, base } }) {
    this.#store.do(editList({ id: this.#id, changes: { name: value }, base: { name: base } }));
  }

  describe({ detail: { value, base } }) {
    this.#store.do(editList({ id: this.#id, changes: { desc: value }, base: { desc: base } }));
  }

  /** Puts an earlier text back. */
  putBack({ detail }) {
    this.#store.do(editList({ id: this.#id, changes: detail }));
  }

  move() {
    this.#store.tell('move-list', { id: this.#id });
  }

  archive() {
    this.#leaveWith(archiveList);
  }

  remove() {
    this.#leaveWith(removeList);
  }

  // The window closes first: the way back is offered on the board.
  #leaveWith(operation) {
    const { id } = this.#list;
    this.target('dialog').close();
    this.#store.do(operation({ id }));
  }

  get #list() {
    return this.#store.view.lists.get(this.#store.model.realId(this.#id) ?? this.#id);
  }

  async #open(id) {
    this.#id = id;
    const list = this.#list;
    if (!list) {
      this.#id = null;
      left('list');
      return;
    }
    entered('list', id);
    this.#showTexts();
    this.#showFiles(list);
    if (this.target('dialog').open) return;
    await showDialog(this.target('dialog'));
    this.#id = null;
    left('list');
  }

  #refresh(event) {
    const list = this.#list;
    const real = this.#store.model.realId(this.#id);
    if (real !== undefined && real !== this.#id) {
      this.#id = real;
      renamed('list', real);
    }
    if (!list) {
      this.target('dialog').close();
      this.#store.tell('refused', { message: t('lists.js.gone') });
      return;
    }
    const who = event?.name === 'update_list' ? this.#store.whoDid(event) : undefined;
    this.target('name').update(list.name, who);
    this.target('desc').update(list.desc, who);
    this.target('versions')?.show(list);
    this.#showFiles(list);
  }

  #showFiles(list) {
    this.target('files').show({
      kind: 'list', id: list.id, key: this.#store.model.keyOf('list', list.id), files: list.files, operation: (files) => editList({ id: list.id, changes: {}, files }),
    });
  }

  #showTexts() {
    const list = this.#list;
    const readOnly = !this.#store.canWrite;
    const draft = (field) => this.#store.drafts.of(`list:${list.id}:${field}`);
    this.target('name').show({ value: list.name, readOnly, draft: draft('name') });
    this.target('desc').show({ value: list.desc, readOnly, draft: draft('desc') });
    this.target('versions')?.show(list);
  }

  #followAddress() {
    const wanted = wantedBy('list');
    if (wanted && wanted !== this.#id) this.#open(wanted);
    else if (!wanted && this.target('dialog').open) this.target('dialog').close();
  }
}
