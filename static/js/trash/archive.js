/** `<trash-archive>`: the dialog of archived items. @later */
import { t } from '../lib/i18n.js';
import { RemovedItems } from './removedItems.js';

export default class Archive extends RemovedItems {
  get location() {
    return 'archive';
  }

  // What is deleted here can still be restored from the trash.
  moveAction(item) {
    return { text: t('trash.js.delete'), run: () => this.sendAbout('bin_from_archive', item) };
  }

  trash() {
    this.goOn('open-trash');
  }
}
