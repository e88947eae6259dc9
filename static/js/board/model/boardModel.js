/**
 * The model of one board with optimistic updates: the confirmed state (the server's events, each `rev` once and in order)
 * and, applied on top of it, the own operations that the server has not answered. A refused operation is removed, and the
 * view is computed again from the confirmed state.
 */
import { applyEvent, DivergedError, fromSnapshot } from './reducers.js';
import { randomId } from '../../lib/ids.js';

// Events ahead of a gap in the revisions that are buffered; beyond that a resync is cheaper.
const MAX_BUFFERED = 1000;

export class BoardModel {
  #confirmed;
  #view;
  #rev;
  #ahead = new Map();
  #pending = [];
  #realIds = new Map();
  #firstIds = new Map();
  #listeners = new Set();

  /** @param {{rev: number, project: object}} snapshot the page data or the snapshot */
  constructor({ rev, project }) {
    this.#rev = rev;
    this.#confirmed = this.#view = fromSnapshot(project);
  }

  /** The state to show. */
  get view() {
    return this.#view;
  }

  /** The confirmed state. */
  get confirmed() {
    return this.#confirmed;
  }

  /** Number of the last event applied. */
  get rev() {
    return this.#rev;
  }

  /** True while there is a gap before events that have arrived. */
  get hasHole() {
    return this.#ahead.size > 0;
  }

  /** True while an own operation is unanswered. */
  get isBusy() {
    return this.#pending.length > 0;
  }

  /**
   * Calls `listener({view, previous, event})` after every change of the view; `event` is `{name, payload}` when the
   * change came from the server. Returns a function that removes the listener.
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes one event from the stream.
   *
   * @returns {"applied" | "old" | "ahead" | "diverged"} "ahead": events before it are missing;
   *   "diverged": it does not fit the state, load a snapshot
   */
  receive(rev, name, payload) {
    if (rev <= this.#rev) return 'old';
    if (rev > this.#rev + 1) {
      if (this.#ahead.size < MAX_BUFFERED) this.#ahead.set(rev, { name, payload });
      return 'ahead';
    }
    try {
      this.#apply(rev, name, payload);
      for (let next = this.#takeAhead(); next; next = this.#takeAhead()) this.#apply(this.#rev + 1, next.name, next.payload);
    } catch (error) {
      if (error instanceof DivergedError || error instanceof TypeError) return 'diverged';
      throw error;
    }
    return 'applied';
  }

  /** Takes an event without a `rev` (those of the namespace `/`). */
  receiveUnnumbered(name, payload) {
    this.#confirmed = applyEvent(this.#confirmed, name, payload);
    this.#refresh({ name, payload });
  }

  /** Replaces the confirmed state by a snapshot; unanswered operations stay on top. */
  load({ rev, project }) {
    this.#rev = rev;
    this.#confirmed = fromSnapshot(project);
    for (const known of [...this.#ahead.keys()]) if (known <= rev) this.#ahead.delete(known);
    this.#dropAnswered();
    this.#refresh(null);
  }

  /** Applies an own operation to the view. */
  add(operation) {
    this.#pending.push(operation);
    this.#refresh(null);
  }

  /** The server has accepted an operation: it stays on top until the event with its `rev` has been applied. */
  accepted(operation, { rev, id } = {}) {
    if (id !== undefined) this.#bind(operation, String(id));
    operation.rev = rev ?? this.#rev;
    this.#dropAnswered();
    this.#refresh(null);
  }

  /** Removes an operation that the server has refused. */
  refused(operation) {
    this.#pending = this.#pending.filter((other) => other !== operation);
    this.#refresh(null);
  }

  /** The server's id for a temporary id, undefined until the server has answered; any other id itself. */
  realId(id) {
    return isTemporary(id) ? this.#realIds.get(id) : id;
  }

  /**
   * The id under which an item was first shown: it identifies its DOM element.
   *
   * @param {"list" | "card"} kind a list and a card may have the same id
   */
  keyOf(kind, id) {
    return this.#firstIds.get(`${kind} ${id}`) ?? id;
  }

  #apply(rev, name, payload) {
    this.#confirmed = applyEvent(this.#confirmed, name, payload);
    this.#rev = rev;
    this.#recognise(payload);
    this.#dropAnswered();
    this.#refresh({ name, payload });
  }

  // The event of an own creation often arrives before its answer. Without this both would be shown for a moment.
  #recognise(payload) {
    if (!payload?.actionId) return;
    const own = this.#pending.find((operation) => operation.temporaryId && operation.actionId === payload.actionId);
    if (own) this.#bind(own, String(payload.id));
  }

  #bind(operation, id) {
    if (!operation.temporaryId || operation.realId) return;
    operation.realId = id;
    this.#realIds.set(operation.temporaryId, id);
    this.#firstIds.set(`${operation.kind} ${id}`, operation.temporaryId);
  }

  #takeAhead() {
    const next = this.#ahead.get(this.#rev + 1);
    this.#ahead.delete(this.#rev + 1);
    return next;
  }

  #dropAnswered() {
    this.#pending = this.#pending.filter((operation) => !(operation.rev <= this.#rev));
  }

  #refresh(event) {
    const previous = this.#view;
    this.#view = this.#pending.reduce((state, operation) => operation.apply(state, this), this.#confirmed);
    for (const listener of this.#listeners) listener({ view: this.#view, previous, event });
  }
}

/** A temporary id for a new item, unique across pages, because unsent operations survive a reload. */
export function temporaryId() {
  return `new${randomId()}`;
}

/** Whether an id was made by `temporaryId`. */
export function isTemporary(id) {
  return String(id).startsWith('new');
}
