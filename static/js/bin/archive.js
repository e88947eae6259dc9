/** `<bin-archive>`: the window of what was put aside. @later */
import { t } from '../lib/i18n.js';
import { Shelf } from './shelf.js';

export default class Archive extends Shelf {
  get place() {
    return 'archive';
  }

  // What is deleted here can still be had back from the bin.
  away(item) {
    return { text: t('bin.js.delete'), run: () => this.about('bin_from_archive', item) };
  }

  bin() {
    this.goOn('open-bin');
  }
}
