/**
 * One board as the elements on its page share it: the model, the operations on it, the filter and the selection.
 *
 * Events: "change" (`{view, previous, event}`), "released" (a drag has ended), "refused" (an error with a message for the
 * person), "conflict" (`{kind, id}`: another person has changed the same text; the own text is a draft again), "draft" (a
 * refused text is a draft again: `{kind, id}` of a list or card, `{name, text}` of a composer), "announce" (a text for screen
 * readers).
 *
 * States: "connection" (that of Connection), "waiting" (the reason why operations wait, or null), "returned" (refused texts
 * without a place on the board), "filter", "selection", "collapsed" (lists), "synced" (in step with the server), "unsaved" (which texts are drafts; see UnsavedTexts), "act" (`{steps: [{operation,
 * before, answered}]}`: the last operations that are one act for the person), "closed" (the board is closed to this person), "faceMarks" (a Map of
 * marks `{order, state, label}` by the ids of members, shown on their faces in the head), and those that modules add.
 *
 * Commands are in commands.js. What modules add to the board is registered by the import of `#onBoard`; see extensions.js.
 */
import '#onBoard';
import { Emitter } from './emitter.js';
import { extensions } from './extensions.js';
import { Selection } from './input/selection.js';
import { BoardModel } from './model/boardModel.js';
import { filterFrom, noFilter, passes } from './model/filterRule.js';
import { deserialize } from './model/operations.js';
import { BoardConnection } from './sync/boardConnection.js';
import { Outbox } from './sync/outbox.js';
import { PendingStore } from './sync/pendingStore.js';
import { RefusedTexts } from './sync/refusedTexts.js';
import { Uploads } from './sync/uploads.js';
import { UnsavedTexts } from './unsavedTexts.js';
import { Drafts } from '../lib/drafts.js';
import { CollapsedLists } from '../lists/collapsed.js';
import { connection } from '../lib/socket.js';

const TAKE_OVER_INTERVAL_MS = 30_000; // how often operations of closed tabs are looked for

const names = {
  events: ['change', 'released', 'refused', 'conflict', 'draft', 'announce'],
  states: ['connection', 'waiting', 'returned', 'filter', 'selection', 'collapsed', 'unsaved', 'synced', 'act', 'closed', 'faceMarks'],
};

const stores = new WeakMap();

/** The store of the board around an element, created from the page's data on first use. */
export function storeOf(element) {
  const board = element.closest('board-root');
  if (!stores.has(board)) stores.set(board, new BoardStore(JSON.parse(document.getElementById('pageData').textContent)));
  return stores.get(board);
}

export class BoardStore extends Emitter {
  #holds = 0;
  #closers = [];
  #channel = null;
  #connection = null;
  #outbox = null;
  #uploads = null;

  constructor(page) {
    super({ ...names, states: [...names.states, ...extensions.states] });
    this.page = page;
    this.model = new BoardModel(page);
    this.role = page.currentUserRole;
    this.me = page.currentUserId === null ? null : String(page.currentUserId);
    this.drafts = new Drafts(`${this.me}:${page.project.id}`);
    this.unsavedTexts = new UnsavedTexts(this.drafts, () => this.set('unsaved'));
    this.refusedTexts = new RefusedTexts(this);
    this.filter = filterFrom(location.search);
    this.selection = new Selection(() => this.set('selection'));
    this.collapsed = new CollapsedLists({ person: this.me, project: page.project }, () => this.set('collapsed'));
    this.model.subscribe((change) => {
      this.#deselectHidden();
      this.emit('change', change);
    });
  }

  /** The board to show. */
  get view() {
    return this.model.view;
  }

  /** Whether this person may change lists and cards. */
  get canWrite() {
    return this.role === 'owner' || this.role === 'admin';
  }

  /** Whether this person has a right of the server's table (permissions.go). */
  may(action) {
    return this.page.may[action] === true;
  }

  /** The members by name. */
  get people() {
    return [...this.view.members.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** What people call the project. */
  get projectName() {
    return this.view.project.title;
  }

  /** Opens the connection, by default the page's; `close` ends it. */
  open(page = connection({ visitor: this.me === null })) {
    const channel = this.#channel = page.channel('/project');
    const pending = new PendingStore(`${this.me}:${this.view.project.id}`);
    this.#outbox = new Outbox(this.model, (event, data, options) => this.send(event, data, options), () => this.catchUp(), pending, {
      onWaiting: (why) => this.set('waiting', why),
    });
    this.#uploads = new Uploads({ model: this.model, isOnline: () => channel.state === 'online', onRev: (rev) => this.#connection.expect(rev) });
    this.#connection = new BoardConnection({ store: this, page, channel, outbox: this.#outbox });
    const onLeave = (event) => this.hasUnsaved && event.preventDefault();
    addEventListener('beforeunload', onLeave);
    this.refusedTexts.open();
    this.#takeOver(pending);
    const takingOver = setInterval(() => this.#takeOver(pending), TAKE_OVER_INTERVAL_MS);
    this.#closers = [
      () => removeEventListener('beforeunload', onLeave), () => this.#connection.close(), () => this.#outbox.close(), () => clearInterval(takingOver),
      () => this.unsavedTexts.close(),
    ];
  }

  close() {
    for (const closer of this.#closers.splice(0)) closer();
  }

  // Operations of closed tabs are sent from here; the texts of those that have expired become drafts again.
  #takeOver(pending) {
    const { fresh, expired, forget } = pending.takeOver();
    const { operations, lost } = deserialize(fresh);
    for (const operation of operations) this.do(operation);
    const old = deserialize(expired);
    for (const operation of [...lost, ...old.operations, ...old.lost]) this.refusedTexts.restore(operation, { code: 'expired' });
    forget();
  }

  /** Whether leaving the page would lose something. */
  get hasUnsaved() {
    return this.#outbox.hasUnsaved || this.#uploads.isBusy || this.refusedTexts.isUnsaved;
  }

  /** Attaches a file; see Uploads. */
  upload(file) {
    return this.#uploads.send(file);
  }

  /** Sends an event about this project as it is, without showing anything before the answer. */
  async send(event, data, options) {
    const answer = await this.#channel.emit(event, { projectId: Number(this.view.project.id), ...data }, options);
    if (answer.rev) this.#connection.expect(answer.rev);
    return answer;
  }

  /**
   * Carries out an operation: it is shown at once and sent; a refusal reverts it and emits "refused".
   *
   * @returns {Promise<object | null>} the server's answer, null if it was refused
   */
  async do(operation, options) {
    const [answer] = await this.doAll([operation], options);
    return answer;
  }

  /**
   * Carries out operations that are one act for the person: undo reverts them together.
   *
   * @returns {Promise<(object | null)[]>} an answer for each
   */
  doAll(operations, options) {
    const steps = operations.map((operation) => ({ operation, before: this.view, answered: this.#outbox.submit(operation, options) }));
    this.set('act', { steps });
    return Promise.all(steps.map(({ operation, answered }) => answered.catch((error) => {
      this.refusedTexts.restore(operation, error);
      return null;
    })));
  }

  /** Makes a change that was sent by `send`, and answered, an act that can be undone. */
  done(operation, before, answer) {
    this.set('act', { steps: [{ operation, before, answered: Promise.resolve(answer) }] });
  }

  /** Brings the board up to date. */
  catchUp() {
    return this.#connection.catchUp();
  }

  /** Runs a request that ends the membership; see MembershipWatcher. */
  goHomeAfter(act, message) {
    return this.#connection.membership.goHomeAfter(act, message);
  }

  /** The name of the member who made a change; undefined for own changes and where the event does not say it. */
  whoDid(event) {
    return this.memberWhoDid(event)?.name;
  }

  /** Whether an event is the change of someone else, or does not say whose. */
  isByOthers(event) {
    return String(event.payload?.by) !== this.me;
  }

  /** The member who made a change; see whoDid. */
  memberWhoDid(event) {
    const by = event?.payload?.by;
    return by === undefined || String(by) === this.me ? undefined : this.view.members.get(String(by));
  }

  /** Suspends drawing during a drag. Changes are drawn on release. */
  hold() {
    this.#holds += 1;
  }

  release() {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    this.emit('released');
    this.emit('change', { view: this.view, previous: this.view, event: null });
  }

  /** Whether the board is in step with the server. */
  get isSynced() {
    return this.has('synced');
  }

  get isHeld() {
    return this.#holds > 0;
  }

  /** Whether a card passes the filter. */
  shows(card) {
    return passes(card, this.filter);
  }

  /** Changes the filter; `noFilter` by default. */
  setFilter(filter = noFilter) {
    this.filter = filter;
    this.#deselectHidden();
    this.set('filter');
  }

  // Bulk actions never affect cards that are not shown.
  #deselectHidden() {
    this.selection.retain((id) => {
      const card = this.view.cards.get(id);
      return card !== undefined && this.shows(card);
    });
  }
}
