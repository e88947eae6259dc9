/**
 * What a browser knows of one board: the confirmed state (exactly what the server has said, each `rev` once and in
 * order) and, laid over it, the person's own changes that the server has not answered yet. A refused change is simply
 * taken away again, so whatever happened in between stays right.
 */
import { applyEvent, DivergedError, fromSnapshot } from './boardState.js';
import { randomId } from '../lib/ids.js';

// Ahead-of-order events kept while a hole is being filled; beyond that a resync is cheaper than remembering.
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

  /** @param {{rev: number, project: object}} snapshot page data or the answer of `sync_project`'s snapshot */
  constructor({ rev, project }) {
    this.#rev = rev;
    this.#confirmed = this.#view = fromSnapshot(project);
  }

  /** The state to show. */
  get view() {
    return this.#view;
  }

  /** The state as the server has said it. */
  get confirmed() {
    return this.#confirmed;
  }

  /** Number of the last event applied. */
  get rev() {
    return this.#rev;
  }

  /** True while events are missing before ones that have already arrived. */
  get hasHole() {
    return this.#ahead.size > 0;
  }

  /** True while some own change is unanswered. */
  get isBusy() {
    return this.#pending.length > 0;
  }

  /**
   * Calls `listener({view, previous, event})` after every change of the view; `event` is `{name, payload}` when the
   * change came from the server. Returns the way to stop it.
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes one event from the stream.
   *
   * @returns {"applied" | "old" | "ahead" | "diverged"} "ahead": something before it is missing, ask for it;
   *   "diverged": it does not fit, load a snapshot
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

  /** Takes an event that carries no `rev` (those of the namespace `/`). */
  receiveUnnumbered(name, payload) {
    this.#confirmed = applyEvent(this.#confirmed, name, payload);
    this.#refresh({ name, payload });
  }

  /** Replaces everything confirmed by a snapshot; own unanswered changes stay on top. */
  load({ rev, project }) {
    this.#rev = rev;
    this.#confirmed = fromSnapshot(project);
    for (const known of [...this.#ahead.keys()]) if (known <= rev) this.#ahead.delete(known);
    this.#dropAnswered();
    this.#refresh(null);
  }

  /** Shows an own change at once. */
  add(operation) {
    this.#pending.push(operation);
    this.#refresh(null);
  }

  /** The server has accepted a change: it stays laid over until the event with its `rev` has been applied. */
  accepted(operation, { rev, id } = {}) {
    if (id !== undefined) this.#bind(operation, String(id));
    operation.rev = rev ?? this.#rev;
    this.#dropAnswered();
    this.#refresh(null);
  }

  /** The server has refused a change, or nobody will ever know: take it away. */
  refused(operation) {
    this.#pending = this.#pending.filter((other) => other !== operation);
    this.#refresh(null);
  }

  /** The server's id of something created here, or the id itself; undefined while the server has not answered. */
  realId(id) {
    return isTemporary(id) ? this.#realIds.get(id) : id;
  }

  /**
   * An id that stays the same from the first sight of an element on, for its DOM element.
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

  // The event of an own creation often arrives before its answer; without recognising it both would show for a moment.
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

/** An id for something the server does not know yet: of no other page either, since unsent actions survive a reload. */
export function temporaryId() {
  return `new${randomId()}`;
}

/** Whether an id was made by `temporaryId`. */
export function isTemporary(id) {
  return String(id).startsWith('new');
}
