/**
 * `<projects-later>` around a template: the windows in it come into the page at the first wish for them, so that a board
 * does not load the scripts of windows nobody opens.
 */
import { toast } from '../components/toast.js';
import { awake, Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { storeOf } from './store.js';
import { wishOf } from './window.js';

const PATIENCE = 3000; // ms for the scripts to come

export default class Later extends Element {
  #awake = new Set();

  connected() {
    const store = storeOf(this);
    for (const element of this.target('elements').content.children) {
      const wish = wishOf(element);
      store.on(wish, (detail) => !this.#awake.has(element) && this.#bring(element, store, wish, detail), this.signal);
    }
  }

  // A second wish puts it in once more, which makes the page ask again for a script that did not come.
  async #bring(element, store, wish, detail) {
    const isFirst = element.parentElement !== this;
    this.append(element);
    if (!isFirst) return;
    const late = setTimeout(() => toast(t('projects.js.later'), { kind: 'warning' }), PATIENCE);
    await awake(element);
    clearTimeout(late);
    this.#awake.add(element);
    store.tell(wish, detail);
  }
}
