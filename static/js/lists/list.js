/** `<lists-list>`: the window of a list. @later */
import { openList, openMoveList } from '../board/commands.js';
import { ItemWindow } from '../board/itemWindow.js';
import { t } from '../lib/i18n.js';
import { archiveList, editList, removeList } from './operations.js';

export default class List extends ItemWindow {
  get kind() {
    return 'list';
  }

  handleOpen(open) {
    openList.handle(this.store, open, this.signal);
  }

  editOf({ changes = {}, ...edit }) {
    return editList({ changes, ...edit });
  }

  get goneText() {
    return t('lists.js.gone');
  }

  move() {
    openMoveList(this.store, { id: this.item.id });
  }

  archive() {
    this.#closeAndDo(archiveList);
  }

  remove() {
    this.#closeAndDo(removeList);
  }

  #closeAndDo(operation) {
    const { id } = this.item;
    this.close();
    this.store.do(operation({ id }));
  }
}
