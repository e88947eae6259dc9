/** `<bin-bin>`: the window of what was deleted and can be had back for a while. @later */
import { t } from '../lib/i18n.js';
import { Shelf } from './shelf.js';

export default class Bin extends Shelf {
  get place() {
    return 'bin';
  }

  away(item) {
    return { text: t('bin.js.empty.open'), run: async () => await this.agreed(item) && this.about('empty_from_bin', item) };
  }

  archive() {
    this.goOn('open-archive');
  }
}
