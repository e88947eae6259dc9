/**
 * One board as the elements on its page share it: the model, the way to change it, and wishes ("open this card")
 * that one element has and another fulfils. The scripts of the elements arrive in any order, so nothing depends on who
 * listens first:
 *
 * - Events are told once: "change" (`{view, previous, event}`), "released" (nobody drags any more), "refused" (an error
 *   with a message for the person), "conflict" (`{kind, id}`: somebody else changed the same text; one's own is a draft
 *   again), "draft" (a refused text is a draft again: `{kind, id}` that of a list or card, `{name, text}` that of a
 *   composer), "announce" (a text for screen readers).
 * - States are watched (`watch`): "state" (the connection's), "outbox" (why changes are kept for later, null if they are
 *   not), "returned" (refused texts that have no place on the board any more), "filter", "selection", "synced" (in step
 *   with the server), "presence" (who is there), "gone" (the board is closed). A watcher is called at once with what is so now.
 * - Commands wait for a listener, the last of each name: "doing" (`{steps: [{operation, before, answered}]}`: operations
 *   are on their way, as one act), "open-card", "open-list", "open-filter", "clear-filter", "filter-by", "open-keys",
 *   "card-menu", "move-card", "move-cards", "move-list", "compose-card", "compose-list", those about cards with `ids`
 *   ("archive-cards", "delete-cards", "members-of-cards", "carry-cards"), and "open-⟨window⟩" of the project's windows
 *   (window.js).
 */
import { BoardModel } from './boardModel.js';
import { Fate } from './fate.js';
import { filterFrom, noFilter, passes } from './filterRule.js';
import { remade } from './operations.js';
import { Outbox } from './outbox.js';
import { PendingStore } from './pendingStore.js';
import { reasonText } from './reason.js';
import { Selection } from './selection.js';
import { Sync } from './sync.js';
import { Uploads } from './uploads.js';
import { connection } from '../lib/socket.js';
import { onWake } from '../lib/waking.js';
import { Drafts } from '../lib/drafts.js';

const PROBE = 800; // ms an awakened page waits for its connection to answer
const CERTAINLY_DEAD = 50_000; // ms: the server gives up earlier on a page that does not answer its pings

const TAKE_OVER_EVERY = 30_000; // ms between looks for what crashed tabs have left

const EVENTS = new Set(['change', 'released', 'refused', 'conflict', 'draft', 'announce']);
const STATES = new Set(['state', 'outbox', 'returned', 'filter', 'selection', 'synced', 'presence', 'gone']);

const stores = new WeakMap();

/** The store of the board an element is in, made from the page's data at first use. */
export function storeOf(element) {
  const board = element.closest('projects-board');
  if (!stores.has(board)) stores.set(board, new BoardStore(JSON.parse(document.getElementById('pageData').textContent)));
  return stores.get(board);
}

export class BoardStore extends EventTarget {
  #holds = 0;
  #closers = [];
  #channel = null;
  #outbox = null;
  #sync = null;
  #uploads = null;
  #fate = new Fate(this);
  #states = new Map();
  #listeners = new Map(); // name → how many
  #waiting = new Map(); // name → a command nobody has listened to yet

  constructor(page) {
    super();
    this.page = page;
    this.model = new BoardModel(page);
    this.role = page.currentUserRole;
    this.me = page.currentUserId === null ? null : String(page.currentUserId);
    this.drafts = new Drafts(`${this.me}:${page.project.id}`);
    this.filter = filterFrom(location.search);
    this.selection = new Selection(() => this.tell('selection'));
    this.model.subscribe((change) => {
      this.#deselectUnseen();
      this.tell('change', change);
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

  /** Whether this person may do an action of the server's table (permissions.go). */
  may(action) {
    return this.page.may[action] === true;
  }

  /** The members by name. */
  get people() {
    return [...this.view.members.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** The project as people write it: owner and name. */
  get projectName() {
    const { ownerName, name } = this.view.project;
    return `${ownerName}/${name}`;
  }

  /** Opens the connection, by default that of the page; `close` ends it. */
  open(page = connection({ visitor: this.me === null })) {
    this.#channel = page.channel('/project');
    const pending = new PendingStore(`${this.me}:${this.view.project.id}`);
    this.#outbox = new Outbox(this.model, (event, data, options) => this.send(event, data, options), () => this.#sync.catchUp(), pending, {
      onWaiting: (why) => this.tell('outbox', why),
    });
    this.#uploads = new Uploads({ model: this.model, isOnline: () => this.#channel.state === 'online', onRev: (rev) => this.#sync.expect(rev) });
    this.#sync = new Sync({
      model: this.model, channel: this.#channel, loadSnapshot: () => this.#snapshot(),
      onSynced: () => this.#synced(), onGone: (error) => this.#fate.close(error),
    });
    const closed = new AbortController();
    page.watch((state) => this.#stateChanged(state), closed.signal);
    onWake((slept) => this.#wake(slept), closed.signal);
    const onLeave = (event) => this.hasUnsaved && event.preventDefault();
    addEventListener('beforeunload', onLeave);
    this.#closers = [
      this.#channel.onConnect(() => this.#sync.catchUp()),
      this.#channel.onAny((name, args) => this.#hear(name, args)),
      () => closed.abort(),
      () => removeEventListener('beforeunload', onLeave),
      () => this.#sync.close(),
      () => this.#outbox.close(),
      () => clearInterval(takingOver),
    ];
    // A visitor who is not signed in is nobody whom the server could tell anything in person.
    if (this.me !== null) this.#closers.push(page.channel('/').onAny((name, args) => this.#hearRoot(name, args)));
    const kept = this.drafts.get('returned');
    if (kept) this.tell('returned', kept);
    this.#takeOver(pending);
    const takingOver = setInterval(() => this.#takeOver(pending), TAKE_OVER_EVERY);
  }

  // What other tabs have left is sent from here; what is too old for that is given back.
  #takeOver(pending) {
    const { fresh, expired, forget } = pending.takeOver();
    const { operations, lost } = remade(fresh);
    for (const operation of operations) this.do(operation);
    const old = remade(expired);
    for (const operation of [...lost, ...old.operations, ...old.lost]) this.#giveBack(operation, { code: 'expired' });
    forget();
  }

  /** Whether leaving the page would lose something. */
  get hasUnsaved() {
    const isReturnedLost = Boolean(this.#states.get('returned')) && !this.drafts.get('returned');
    return this.#outbox.losesByLeaving || this.#uploads.isBusy || isReturnedLost;
  }

  /** Attaches a file; see Uploads. */
  upload(file) {
    return this.#uploads.send(file);
  }

  close() {
    for (const closer of this.#closers.splice(0)) closer();
  }

  /** Sends an event about this project as it is, without showing anything before the answer. */
  async send(event, data, options) {
    const answer = await this.#channel.emit(event, { projectId: Number(this.view.project.id), ...data }, options);
    if (answer.rev) this.#sync.expect(answer.rev);
    return answer;
  }

  /**
   * Carries out an operation: shown at once, sent, taken back and told if refused.
   *
   * @returns {Promise<object | null>} the server's answer, null if it was refused
   */
  async do(operation, options) {
    const [answer] = await this.doAll([operation], options);
    return answer;
  }

  /**
   * Carries out operations that are one act for the person, who takes them back as one.
   *
   * @returns {Promise<(object | null)[]>} an answer for each
   */
  doAll(operations, options) {
    const steps = operations.map((operation) => ({ operation, before: this.view, answered: this.#outbox.submit(operation, options) }));
    this.tell('doing', { steps });
    return Promise.all(steps.map(({ operation, answered }) => answered.catch((error) => {
      this.#giveBack(operation, error);
      return null;
    })));
  }

  /** Brings the board up to date. */
  catchUp() {
    return this.#sync.catchUp();
  }

  /** Does what ends this person's part in the project; see Fate. */
  goHomeAfter(act, message) {
    return this.#fate.goHomeAfter(act, message);
  }

  /** Whose change an event is, by name; undefined for one's own and where it is not said. */
  whoDid(event) {
    const by = event?.payload?.by;
    return by === undefined || String(by) === this.me ? undefined : this.view.members.get(String(by))?.name;
  }

  // Texts that were refused become drafts again, so that nothing typed is lost.
  #giveBack({ texts, draft }, error) {
    if (draft) this.#restoreComposer(draft);
    const about = texts && this.#restoreTexts(texts);
    if (about) this.tell(error.code === 'conflict' ? 'conflict' : 'draft', about);
    // What depended on a refused change went with it: that has been said.
    if (!error.follows && !(about && error.code === 'conflict')) this.tell('refused', { code: error.code, fields: error.fields, message: reasonText(error) });
  }

  // Behind what is in the composer already: of several refused cards none takes another's place.
  #restoreComposer({ listId, text }) {
    const list = listId && (this.model.realId(listId) ?? listId);
    const name = list ? `newCard:${list}` : 'newList';
    const draft = this.drafts.ofComposer(name);
    const typed = draft.get().trimEnd();
    if (list ? !this.view.lists.has(list) : typed) {
      this.keepReturned(text);
      return;
    }
    draft.set([typed, text].filter(Boolean).join('\n'));
    this.tell('draft', { name, text });
  }

  #restoreTexts({ kind, id: knownAs, changes, base }) {
    const id = this.model.realId(knownAs);
    const isThere = id !== undefined && this.view[`${kind}s`].has(id);
    const fields = Object.keys(changes).filter((field) => changes[field]);
    for (const field of fields) {
      const draft = this.drafts.of(`${kind}:${id}:${field}`);
      const { text: other } = draft.get();
      const isFree = isThere && (!other || other === changes[field]);
      if (!isFree || !draft.set(changes[field], base[field])) this.keepReturned(changes[field]);
    }
    return isThere && fields.length > 0 ? { kind, id } : null;
  }

  /** Keeps a text that has no place on the board any more until the person has taken or dropped it. */
  keepReturned(text) {
    const all = [this.drafts.get('returned') || this.#states.get('returned'), text].filter(Boolean).join('\n\n');
    this.drafts.set('returned', all);
    this.tell('returned', all);
  }

  /** The person has them. */
  forgetReturned() {
    this.drafts.set('returned', '');
    this.tell('returned', '');
  }

  /** While held, the board is not redrawn: somebody is dragging. Changes are kept and shown at the release. */
  hold() {
    this.#holds += 1;
  }

  release() {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    this.tell('released');
    this.tell('change', { view: this.view, previous: this.view, event: null });
  }

  /** Whether the board is in step with the server. */
  get isSynced() {
    return this.#states.has('synced');
  }

  get isHeld() {
    return this.#holds > 0;
  }

  /** Whether the filter lets a card through. */
  shows(card) {
    return passes(card, this.filter);
  }

  /** Changes the filter; `noFilter` by default. */
  setFilter(filter = noFilter) {
    this.filter = filter;
    this.#deselectUnseen();
    this.tell('filter');
  }

  /** Tells everyone who listens. A state is remembered; a command without a listener waits for one. */
  tell(name, detail) {
    if (STATES.has(name)) this.#states.set(name, detail);
    else if (!EVENTS.has(name) && !this.#listeners.get(name)) this.#waiting.set(name, detail);
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Listens until the signal says otherwise. */
  on(name, listener, signal) {
    this.addEventListener(name, ({ detail }) => listener(detail), { signal });
    this.#count(name, 1);
    signal.addEventListener('abort', () => this.#count(name, -1), { once: true });
    if (!this.#waiting.has(name)) return;
    const detail = this.#waiting.get(name);
    this.#waiting.delete(name);
    // All elements of a kind wake up together; the command may be for another one than the first.
    queueMicrotask(() => this.tell(name, detail));
  }

  /** Listens to a state, and hears at once how it is. */
  watch(name, listener, signal) {
    this.on(name, listener, signal);
    if (this.#states.has(name)) listener(this.#states.get(name));
  }

  #count(name, step) {
    this.#listeners.set(name, (this.#listeners.get(name) ?? 0) + step);
  }

  // Nobody shall do something with cards they do not see.
  #deselectUnseen() {
    this.selection.keep((id) => {
      const card = this.view.cards.get(id);
      return card !== undefined && this.shows(card);
    });
  }

  #stateChanged(state) {
    // Another namespace of the same page may be on its way while this one is there.
    if (this.#channel.state !== 'online') {
      this.#outbox.pause();
      this.#states.delete('synced');
    }
    this.tell('state', state);
  }

  #synced() {
    if (this.#channel.state !== 'online') return;
    this.#outbox.resume();
    this.tell('synced');
  }

  // The connection of a page that was asleep may be dead without knowing it: whoever does not answer at once is dialled anew.
  async #wake(slept) {
    if (this.#channel.state !== 'online' || slept > CERTAINLY_DEAD) {
      connection().restart();
      return;
    }
    try {
      await this.#channel.emit('join_project_room', Number(this.view.project.id), { patience: PROBE });
      this.#sync.catchUp();
    } catch (error) {
      if (error.code === 'timeout') connection().restart();
      else this.#sync.catchUp();
    }
  }

  #hear(name, args) {
    if (name === 'presence_changed') this.tell('presence', args[0]);
    this.#fate.hear(name, args);
    this.#sync.receive(name, args);
  }

  #hearRoot(name, args) {
    this.#fate.hear(name, args);
    const [data] = args;
    if (name !== 'update_project_attributes' || data.projectId !== Number(this.view.project.id)) return;
    if (data.rev) this.#sync.receive(name, args);
    else this.model.receiveUnnumbered(name, data);
  }

  async #snapshot() {
    const { ownerName, name } = this.view.project;
    const answer = await fetch(`/${encodeURIComponent(ownerName)}/${encodeURIComponent(name)}`, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw Object.assign(new Error('snapshot'), { code: { 401: 'unauthenticated', 403: 'forbidden', 404: 'notFound' }[answer.status] });
    const snapshot = await answer.json();
    if (snapshot.role !== this.role) this.#fate.reload();
    return snapshot;
  }
}
