/**
 * Which tabs of this browser are open, so that what a tab keeps for itself (drafts of composers, operations that are
 * not sent yet) is taken over when it is gone, and not before. A tab says every ten seconds that it lives, and when it
 * is left; one that crashed counts as gone after two and a half minutes, since timers of hidden tabs may rest a minute.
 */
import { randomId } from './ids.js';
import { localStore } from './storage.js';

const PREFIX = 'tab:';
const BEAT = 10_000; // ms
const GONE_AFTER = 150_000;

export class Tabs {
  #storage;
  #now;

  constructor({ storage = localStore, now = Date.now, id = randomId() } = {}) {
    this.#storage = storage;
    this.#now = now;
    this.id = id;
  }

  /** This tab lives. */
  beat() {
    this.#storage.setItem(PREFIX + this.id, String(this.#now()));
  }

  /** This tab is left. */
  leave() {
    this.#storage.removeItem(PREFIX + this.id);
  }

  /** Whether a tab is open, as far as is known. */
  isAlive(id) {
    return id === this.id || Number(this.#storage.getItem(PREFIX + id)) > this.#now() - GONE_AFTER;
  }

  /** Removes what crashed tabs have left here. */
  forgetGone() {
    for (const name of this.#storage.keys(PREFIX)) if (!this.isAlive(name.slice(PREFIX.length))) this.#storage.removeItem(name);
  }
}

let tabs = null;

/** The tab of this page, from the first call on. */
export function thisTab() {
  if (tabs) return tabs;
  tabs = new Tabs();
  tabs.forgetGone();
  tabs.beat();
  const timer = setInterval(() => tabs.beat(), BEAT);
  timer.unref?.(); // a test that runs in Node ends all the same
  addEventListener('pagehide', () => tabs.leave());
  addEventListener('pageshow', () => tabs.beat());
  return tabs;
}
