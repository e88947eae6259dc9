/**
 * `<board-lazy-dialogs>` around a template: the dialogs in it are inserted into the page by the first command for them, so
 * that a board does not load the scripts of dialogs that are never opened. One with `data-address="card"` is inserted by its
 * address, too. A panel in one of them (`data-panel`) has a command of its own, and an address, `?settings=⟨panel⟩`. With
 * `data-preload` the scripts are fetched when the page is idle and the board has something to open.
 */
import { toast } from '../components/toast.js';
import { Element, preloadElement, upgraded } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { codeOf, isCommand, isTyping, keyOf } from '../lib/keys.js';
import { whenIdle } from '../lib/timing.js';
import { storeOf } from './store.js';
import { commandOf } from './boardDialog.js';
import { nameDialog, openDialogId } from './view/address.js';

const LOAD_TIMEOUT_MS = 3000; // until the page says that a script is late

export default class LazyDialogs extends Element {
  #loaded = new Set();

  connected() {
    const store = storeOf(this);
    for (const element of [...this.target('elements').content.children]) {
      const loadFor = (command) => (detail) => !this.#loaded.has(element) && this.#load(element, store, command, detail);
      for (const each of [element, ...element.querySelectorAll('[data-panel]')]) store.handle(commandOf(each), loadFor(commandOf(each)), this.signal);
      const load = loadFor(commandOf(element));
      if (element.dataset.address) this.#followAddress(element.dataset.address, load);
    }
    this.#openAddressed(store);
    this.listen(window, 'popstate', () => this.#openWindow(store));
    this.#openWindow(store);
    if ('preload' in this.dataset) this.#preload(store);
  }

  // An element that is loaded follows its address by itself.
  #followAddress(name, load) {
    const follow = () => {
      const id = openDialogId(name);
      if (id) load({ id });
    };
    this.listen(window, 'popstate', follow);
    follow();
  }

  #preload(store) {
    const tags = new Set([...this.target('elements').content.querySelectorAll('*')].map(({ localName }) => localName).filter((tag) => tag.includes('-')));
    const waiting = new AbortController();
    const preload = () => {
      if (store.view.lists.size === 0) return;
      waiting.abort();
      whenIdle(() => tags.forEach(async (tag) => (await preloadElement(tag))?.preload?.(store)));
    };
    store.on('change', preload, AbortSignal.any([this.signal, waiting.signal]));
    preload();
  }

  // An address may name a panel that this person does not have, or not any more.
  #openAddressed(store) {
    const name = openDialogId('settings');
    const panels = [...this.target('elements').content.querySelectorAll('[data-panel]')];
    if (name === null || panels.length === 0) return;
    const panel = panels.find(({ dataset }) => dataset.panel === name);
    if (panel) store.command(commandOf(panel));
    else nameDialog('settings');
  }

  // `?window=archive` opens the dialog of the command "open-archive", once.
  #openWindow(store) {
    const params = new URLSearchParams(location.search);
    const command = `open-${params.get('window')}`;
    if (![...this.target('elements').content.children, ...this.children].some((element) => !element.dataset.address && commandOf(element) === command)) return;
    params.delete('window');
    history.replaceState(null, '', location.pathname + (params.size > 0 ? `?${params}` : ''));
    store.command(command);
  }

  // A second command inserts the dialog once more, which requests a script again that failed to load.
  async #load(element, store, command, detail) {
    const isFirst = element.parentElement !== this;
    this.append(element);
    if (!isFirst) return;
    const keys = new HeldKeys();
    const late = setTimeout(() => {
      keys.release();
      toast(t('projects.js.later'), { kind: 'warning' });
    }, LOAD_TIMEOUT_MS);
    await upgraded(element);
    clearTimeout(late);
    this.#loaded.add(element);
    store.command(command, detail);
    keys.release().forEach((event) => press(event));
  }
}

/**
 * Characters pressed while a dialog loads are for the dialog, not shortcuts of the board behind it: "L 1" sets the first
 * label however late its script comes.
 */
class HeldKeys {
  #held = [];
  #released = new AbortController();

  constructor() {
    addEventListener('keydown', (event) => this.#hold(event), { capture: true, signal: this.#released.signal });
  }

  #hold(event) {
    if (keyOf(event).length !== 1 || isCommand(event) || isTyping(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#held.push(event);
  }

  /** Ends the hold and returns the events. */
  release() {
    this.#released.abort();
    return this.#held;
  }
}

function press(event) {
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: keyOf(event), code: codeOf(event), bubbles: true, cancelable: true }));
}
