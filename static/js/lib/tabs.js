/**
 * Which tabs of this browser are open, so that the drafts and unsent operations of a tab are taken over when it is closed,
 * and not before. A tab writes a heartbeat every ten seconds, and its end when it is closed. A crashed tab counts as closed
 * after two and a half minutes, since browsers throttle timers of hidden tabs to one a minute.
 */
import { randomId } from './ids.js';
import { localStore } from './storage.js';

const PREFIX = 'tab:';
const HEARTBEAT_INTERVAL_MS = 10_000;
const CLOSED_AFTER_MS = 150_000;

export class Tabs {
  #storage;
  #now;

  constructor({ storage = localStore, now = Date.now, id = randomId() } = {}) {
    this.#storage = storage;
    this.#now = now;
    this.id = id;
  }

  /** Writes that this tab is open. */
  heartbeat() {
    this.#storage.setItem(PREFIX + this.id, String(this.#now()));
  }

  /** Writes that this tab is closed. */
  leave() {
    this.#storage.removeItem(PREFIX + this.id);
  }

  /** Whether a tab is open, by its last heartbeat. */
  isAlive(id) {
    return id === this.id || Number(this.#storage.getItem(PREFIX + id)) > this.#now() - CLOSED_AFTER_MS;
  }

  /** Removes the heartbeats of crashed tabs. */
  removeClosed() {
    for (const name of this.#storage.keys(PREFIX)) if (!this.isAlive(name.slice(PREFIX.length))) this.#storage.removeItem(name);
  }
}

let tabs = null;

/** The tab of this page, registered on the first call. */
export function thisTab() {
  if (tabs) return tabs;
  tabs = new Tabs();
  tabs.removeClosed();
  tabs.heartbeat();
  const timer = setInterval(() => tabs.heartbeat(), HEARTBEAT_INTERVAL_MS);
  timer.unref?.(); // lets a test in Node end
  addEventListener('pagehide', () => tabs.leave());
  addEventListener('pageshow', () => tabs.heartbeat());
  return tabs;
}
