/** `<trash-trash>`: the dialog of deleted items, which can be restored for 30 days. @later */
import { t } from '../lib/i18n.js';
import { RemovedItems } from './removedItems.js';

export default class Trash extends RemovedItems {
  get location() {
    return 'bin';
  }

  moveAction(item) {
    return { text: t('trash.js.empty.open'), run: async () => await this.confirmed(item) && this.sendAbout('empty_from_bin', item) };
  }

  archive() {
    this.goOn('open-archive');
  }
}
