/** `<lists-dialog>`: the window of a list: name, description, files. Live while open. */
import { showDialog } from '../components/dialog.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { entered, left, renamed, wantedBy } from '../projects/address.js';
import { editList, removeList } from '../projects/operations.js';
import { storeOf } from '../projects/store.js';
import { confirmListDelete } from './header.js';

export default class Dialog extends Element {
  #store;
  #id = null;

  async connected() {
    this.#store = storeOf(this);
    this.#store.on('open-list', ({ id }) => this.#open(id), this.signal);
    this.#store.on('change', () => this.#id && this.#refresh(), this.signal);
    this.listen(window, 'popstate', () => this.#followAddress());
    await Promise.all(['ui-inplace', 'projects-files'].map((tag) => customElements.whenDefined(tag)));
    this.#followAddress();
  }

  rename({ detail }) {
    this.#store.do(editList({ id: this.#id, changes: { name: detail.value } }));
  }

  describe({ detail }) {
    this.#store.do(editList({ id: this.#id, changes: { desc: detail.value } }));
  }

  move() {
    this.#store.tell('move-list', { id: this.#id });
  }

  async remove() {
    const list = this.#list;
    if (!await confirmListDelete(this.#store, list)) return;
    this.target('dialog').close();
    this.#store.do(removeList({ id: list.id }));
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
    const readOnly = !this.#store.canWrite;
    this.target('name').show({ value: list.name, readOnly, draft: this.#draft('name') });
    this.target('desc').show({ value: list.desc, readOnly, draft: this.#draft('desc') });
    this.#showFiles(list);
    if (this.target('dialog').open) return;
    await showDialog(this.target('dialog'));
    this.#id = null;
    left('list');
  }

  #refresh() {
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
    this.target('name').update(list.name);
    this.target('desc').update(list.desc);
    this.#showFiles(list);
  }

  #showFiles(list) {
    this.target('files').show({
      key: list.id, files: list.files, operation: (files) => editList({ id: list.id, changes: {}, files }),
    });
  }

  #draft(field) {
    const name = `list:${this.#id}:${field}`;
    return { get: () => this.#store.drafts.get(name), set: (text) => this.#store.drafts.set(name, text) };
  }

  #followAddress() {
    const wanted = wantedBy('list');
    if (wanted && wanted !== this.#id) this.#open(wanted);
    else if (!wanted && this.target('dialog').open) this.target('dialog').close();
  }
}
