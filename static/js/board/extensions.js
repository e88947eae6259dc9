/**
 * Extension points of the board. A module extends the board by a file `static/js/⟨module⟩/onBoard.js`, which is found by its
 * name and runs on every board page before the board is drawn. Its default export registers what the module adds:
 *
 * ```js
 * export default function onBoard(board) {
 *   board.addReducers({ card_voted: (state, { id, votes }) => editCardPart(state, id, 'votes', () => votes) });
 *   board.addOperations({ vote });
 *   board.addKeys([{ key: 'v', on: 'card', run: (store, { ids }) => store.do(vote({ ids })), help: () => t('votes.js.key') }]);
 * }
 * ```
 *
 * Its functions get the store as an argument, and the file imports neither board/store.js nor elements. `store.view` is the
 * state as shown, `store.me` the id of the signed-in person or null, `store.do(operation)` carries out an operation. The
 * board and other modules refer to a module only through these tables, so a module is removed by deleting its folders.
 *
 * A registration that is incomplete or whose name is taken throws an Error that says how to fix it.
 */

/** Reducer of an event that does not change the state: it only makes dialogs load their data again. */
export const unchanged = (state) => state;

export class Extensions {
  #tables = new Map();
  #module = '';

  /** Runs the default export of `static/js/⟨module⟩/onBoard.js`. */
  register(module, onBoard) {
    this.#module = module;
    if (typeof onBoard !== 'function') this.#fail('has no default export that is a function: write `export default function onBoard(board) {…}`');
    try {
      onBoard(this);
    } finally {
      this.#module = '';
    }
  }

  /**
   * Adds reducers of numbered events: each returns the state after the event and never changes the one it gets. The event of
   * an own operation arrives too; after it the operation is no longer laid over the state.
   *
   * ```js
   * board.addReducers({
   *   card_voted: (state, { id, votes }) => patchCardPart(state, id, 'votes', () => votes),
   *   vote_settings_changed: unchanged,
   * });
   * ```
   *
   * `patchCardPart` (board/model/changes.js) throws DivergedError for an unknown card; the board then loads a snapshot.
   *
   * @param {Record<string, (state: object, payload: object) => object>} reducers by event
   */
  addReducers(reducers) {
    this.#addFunctions('reducer of the event', reducers);
  }

  /**
   * Adds functions that change the state once more after an event of another module, such as what a removed member leaves in
   * the module's own part.
   *
   * ```js
   * board.addConsequences({ project_collab_removed: (state, { id }) => withoutVotesOf(state, String(id)) });
   * ```
   *
   * @param {Record<string, (state: object, payload: object) => object>} functions by event
   */
  addConsequences(functions) {
    for (const [event, change] of Object.entries(functions)) {
      this.#require('consequence of the event', event, { [event]: change });
      this.#add('consequence of the event', `${event} in ${this.#module}`, { event, change });
    }
  }

  /** The changes of the state that follow an event. */
  consequencesOf(event) {
    return this.#all('consequence of the event').filter((entry) => entry.event === event).map(({ change }) => change);
  }

  /**
   * Adds handlers of events that have no revision and do not belong to the state, such as presence.
   *
   * ```js
   * board.addStates(['presence']);
   * board.addMessages({ presence_changed: (store, people) => store.set('presence', people) });
   * ```
   *
   * @param {Record<string, (store: object, payload: object) => void>} handlers by event
   */
  addMessages(handlers) {
    this.#addFunctions('handler of the event', handlers);
  }

  /** Adds names that the store treats as states: `store.watch` calls a listener at once with the current value. */
  addStates(names) {
    for (const name of names) this.#add('state', name, name);
  }

  /** The names of all added states. */
  get states() {
    return this.#all('state');
  }

  /** Whether some module handles an event. */
  knowsEvent(name) {
    return this.get('reducer of the event', name) !== undefined || this.get('handler of the event', name) !== undefined;
  }

  /**
   * Adds a module's data to every card: `card.parts.⟨name⟩`, read from the snapshot and from `build_new_card`, changed by the
   * module's own reducers and operations (`editCardPart`). `fill` draws it into the card's element, in which the module's
   * slots (`templates/⟨module⟩/_cardChips.html` …) have put their markup; it runs when the part or the board's parts change.
   *
   * ```js
   * board.addCardPart('labels', {
   *   read: (ids = []) => ids.map(String),
   *   equal: (a, b) => String(a) === String(b),
   *   fill: (card, ids, { parts }) => fillChips(card.querySelector('[data-part="labels"]'), ids, parts.labels),
   * });
   * ```
   *
   * @param {string} name the part's key in the server's `parts`
   * @param {object} part
   * @param {(data: unknown) => unknown} part.read the value; `data` is undefined for a card without the part
   * @param {(a: unknown, b: unknown) => boolean} [part.equal] whether a card need not be drawn again; by default Object.is
   * @param {(element: HTMLElement, value: unknown, view: object) => void} [part.fill]
   */
  addCardPart(name, { read, equal = Object.is, fill = () => {} }) {
    this.#require('part of cards', name, { read, equal, fill });
    this.#add('part of cards', name, { name, read, equal, fill });
  }

  /** The parts of cards, by name. */
  get cardParts() {
    return this.#all('part of cards');
  }

  /**
   * Adds a module's data to the board: `state.parts.⟨name⟩`, read from the snapshot, changed by the module's reducers
   * (`withBoardPart`). A change draws all cards again.
   *
   * ```js
   * board.addBoardPart('labels', { read: ({ labels = [] }) => new Map(labels.map((label) => [String(label.id), label])) });
   * ```
   *
   * @param {string} name
   * @param {{read: (project: object) => unknown}} part `project` is the snapshot's project
   */
  addBoardPart(name, { read }) {
    this.#require('part of the board', name, { read });
    this.#add('part of the board', name, { name, read });
  }

  /** The parts of the board, by name. */
  get boardParts() {
    return this.#all('part of the board');
  }

  /**
   * Adds factories of operations by type. An operation is shown at once, sent again after a lost connection, carried out
   * once, and survives a reload: it is stored by its type and arguments, so neither changes its meaning later.
   *
   * ```js
   * export const vote = ({ id }) => operation('vote', { id }, {
   *   event: 'vote', needs: [id], payload: (real) => ({ id: real(id) }),
   *   apply: (state, model) => editCardPart(state, shownId(state.cards, id, model), 'votes', (votes) => votes + 1),
   * });
   * board.addOperations({ vote });
   * ```
   *
   * @param {Record<string, (args: object) => object>} factories by type; see board/model/operations.js
   */
  addOperations(factories) {
    this.#addFunctions('operation', factories);
  }

  /**
   * Adds inverse operations, for undo: by the type of the operation that they undo.
   *
   * ```js
   * board.addUndo({
   *   vote: {
   *     inverse: ({ id }, before) => ({ name: before.cards.get(id).name, count: 1, create: () => takeVoteBack({ id }) }),
   *     done: ({ Name }) => t('votes.js.voted', { Name }),
   *   },
   * });
   * ```
   *
   * `inverse` returns null if there is nothing to undo. Its `create` gets the revision of the operation, which the server
   * compares where its event has a key `undoes`. `done` says what was done with `{Name, Count}`; `doneWithSeveral` gets
   * `{Count}` when several operations of the type were one act. `idsOf` returns the ids of what the operation changes, if
   * its arguments do not name them as `id`, `ids`, `card` or `list`; `of` is "list" if these are lists and the type does not
   * end with "List". `message` says when the page offers undo by a message: "always", "unseen" (by default: what was changed
   * is not seen, or there is no keyboard for Ctrl+Z) or "never".
   *
   * An inverse operation without the argument `undoes` is not sent if another person has changed the thing since; one with
   * it is, and the server decides. Redo uses the inverse of the inverse, so its type needs an entry, too.
   *
   * @param {Record<string, {inverse: Function, done: Function, doneWithSeveral?: Function, idsOf?: Function, of?: string,
   *   message?: "always" | "unseen" | "never"}>} inverses
   */
  addUndo(inverses) {
    for (const [type, { inverse, done, doneWithSeveral = ({ Count }) => done({ Name: '', Count }), idsOf = null, message = 'unseen', of }] of Object.entries(inverses)) {
      this.#require('inverse operation', type, { inverse, done, doneWithSeveral });
      this.#add('inverse operation', type, { inverse, done, doneWithSeveral, idsOf, message, of });
    }
  }

  /**
   * Adds functions that return which elements an event has visibly changed; these are highlighted. They return ids of
   * elements ("c-40"), none if the view showed the change before the event, as it does with own changes.
   *
   * ```js
   * board.addChangedElements({
   *   card_voted: ({ id }, previous, view) => (previous.cards.get(String(id)) === view.cards.get(String(id)) ? [] : [`c-${id}`]),
   * });
   * ```
   *
   * @param {Record<string, (payload: object, previous: object, view: object) => string[]>} functions by event
   */
  addChangedElements(functions) {
    this.#addFunctions('highlight of the event', functions);
  }

  /**
   * Adds a facet of the filter: a group of choices in the filter bar. A card passes if it has all chosen values or, when the
   * person has switched the facet to that, any of them. The choices are kept in the address.
   *
   * ```js
   * board.addFacet({
   *   name: 'votes', label: () => t('votes.js.facet'), hasAny: true,
   *   choices: ({ members }) => [...members.values()].map(({ id, name }) => ({ value: id, text: name })),
   *   valuesOf: (card) => card.parts.votes,
   * });
   * ```
   *
   * @param {object} facet
   * @param {string} facet.name the key in the filter and in the address
   * @param {() => string} facet.label the group's name
   * @param {(view: object) => {value: string, text: string, picture?: Node}[]} facet.choices
   * @param {(card: object) => string[]} facet.valuesOf
   * @param {(value: string) => boolean} [facet.isValue] whether the address may hold a value; by default ids may
   * @param {boolean} [facet.hasAny] whether the person may switch between all and any
   * @param {number} [facet.order] position in the filter bar
   */
  addFacet({ name, label, choices, valuesOf, isValue = (value) => /^\d+$/.test(value), hasAny = false, order = 500 }) {
    this.#require('facet', name, { label, choices, valuesOf });
    this.#add('facet', name, { name, label, choices, valuesOf, isValue, hasAny, order });
  }

  /** The facets of the filter, in order. */
  get facets() {
    return inOrder(this.#all('facet'));
  }

  /**
   * Adds actions on cards: to the menu of a card, to that of several selected cards, and (`barText`) to the selection bar.
   *
   * ```js
   * board.addCardActions([{
   *   name: 'vote', order: 350, icon: 'check', keys: 'V',
   *   text: ({ count }) => t('votes.js.menu', { Count: count }), barText: () => t('votes.js.bar'),
   *   run: (store, { ids }) => store.doAll(ids.map((id) => vote({ id }))),
   * }]);
   * ```
   *
   * @param {object[]} actions `{name, order, icon, keys, danger, for: "one" | "several" | "both", text({card, count, store}),
   *   barText, inWindow: "stays" | "closes", isDisabled({card, store}), isHidden({card, store}), run(store, {card, ids})}`; `card` is the one
   *   whose menu it is, or undefined; `keys` is only shown: the shortcut itself is added by `addKeys`; with `inWindow` the card's window
   *   has it, too, with the short text, and stays open or closes first
   */
  addCardActions(actions) {
    for (const action of actions) {
      const { name, text, run } = action;
      this.#require('action on cards', name, { text, run });
      this.#add('action on cards', name, { order: 500, for: 'both', isDisabled: () => false, barText: null, inWindow: null, ...action });
    }
  }

  /** The actions on one card or on several, in order. */
  cardActions(count) {
    return inOrder(this.#all('action on cards')).filter((action) => action.for === 'both' || action.for === (count > 1 ? 'several' : 'one'));
  }

  /**
   * Adds entries to the menu of a list.
   *
   * ```js
   * board.addListActions([{
   *   name: 'foldVotes', order: 650, icon: 'check', text: () => t('votes.js.fold'),
   *   isDisabled: ({ list, store }) => cardsOf(store.view, list.id).length < 2, run: (store, { list }) => fold(store, list.id),
   * }, sortBy('sortByVotes', 670, 'check', () => t('votes.js.sort'), () => (a, b) => b.parts.votes.length - a.parts.votes.length)]);
   * ```
   *
   * `sortBy` of cards/sort.js makes an entry that sorts the cards.
   *
   * @param {object[]} actions `{name, order, icon, keys, danger, forReaders, text({list, store}), isDisabled({list, store}),
   *   run(store, {list, element})}`; `element` is the list's element; those without `forReaders` are for members who may
   *   change the board
   */
  addListActions(actions) {
    for (const action of actions) {
      const { name, text, run } = action;
      this.#require('action on lists', name, { text, run });
      this.#add('action on lists', name, { order: 500, forReaders: false, isDisabled: () => false, ...action });
    }
  }

  /** The entries of a list's menu, in order. */
  listActions(canWrite) {
    return inOrder(this.#all('action on lists')).filter(({ forReaders }) => forReaders || canWrite);
  }

  /**
   * Adds shortcuts. A key `on: "card"` is tried first, if a card has the focus or is selected; it is for members who may
   * change the board unless `forReaders` is set. What `run` returns false for has not used the key.
   *
   * ```js
   * board.addKeys([{ key: 'v', on: 'card', run: (store, { ids }) => store.doAll(ids.map((id) => vote({ id }))), help: () => t('votes.js.key') }]);
   * ```
   *
   * @param {object[]} keys `{key, on: "card" | "board", run(store, {card, ids, focusedCard, focusedList}), help(store),
   *   shown, order, forReaders}`; `help` is the line of the shortcut sheet, without it or if it returns nothing the key is not
   *   listed; `shown` is the key as the sheet shows it, an array for several, a function for a name that depends on the language
   */
  addKeys(keys) {
    for (const entry of keys) {
      const { key, on = 'board', run } = entry;
      if (on !== 'board' && on !== 'card') this.#fail(`adds the key "${key}" on "${on}": write on: "card" or on: "board"`);
      this.#require('key', key, { run });
      this.#add('key', `${key} on ${on}`, { on, order: 500, forReaders: false, help: null, shown: key.length === 1 ? key.toUpperCase() : key, ...entry });
    }
  }

  /**
   * Adds lines of the shortcut sheet about keys that an element handles itself, such as arrows.
   *
   * ```js
   * board.addKeyHelp([{ shown: ['Ctrl', '↑'], order: 360, help: () => t('votes.js.key.best') }]);
   * ```
   *
   * @param {object[]} lines `{shown, help(store), order, forReaders}`, as in `addKeys`
   */
  addKeyHelp(lines) {
    for (const { shown, help, order = 500, forReaders = false } of lines) {
      const name = `${this.#module} ${this.#all('line about keys').length}`;
      this.#require('line about keys', name, { help });
      this.#add('line about keys', name, { shown, help, order, forReaders });
    }
  }

  /** The shortcuts of a key, those on cards first. */
  keysFor(key) {
    return ['card', 'board'].map((on) => this.get('key', `${key} on ${on}`)).filter(Boolean);
  }

  /** The lines of the shortcut sheet, in order: shortcuts with a help text, and what `addKeyHelp` has added. */
  get keyHelp() {
    return inOrder([...this.#all('key').filter(({ help }) => help), ...this.#all('line about keys')]);
  }

  /**
   * Adds a reader of what is typed into the composer of cards, such as `#label` at the end of a line. It returns null, or
   * the card without what it has read and the operations to carry out on it.
   *
   * ```js
   * board.addComposerToken('votes', (card) => (card.name.endsWith(' +1')
   *   ? { card: { ...card, name: card.name.slice(0, -3) }, operations: (id) => [vote({ id })] } : null));
   * ```
   *
   * @param {string} name
   * @param {(card: {name: string, desc: string}, store: object) => {card: object, operations: (id: string) => object[]} | null} read
   */
  addComposerToken(name, read) {
    this.#require('composer token', name, { read });
    this.#add('composer token', name, read);
  }

  /** What modules have read from a typed card: the card that is left, and the operations for its id. */
  readTyped(card, store) {
    return this.#all('composer token').reduce((before, read) => {
      const found = read(before.card, store);
      return found ? { card: found.card, operations: (id) => [...before.operations(id), ...found.operations(id)] } : before;
    }, { card, operations: () => [] });
  }

  /**
   * Adds sentences of the history, by the kind of the entries (`projects.Happened`). A kind without one has the module's text
   * "votes.js.history.added" for "votes.added".
   *
   * ```js
   * board.addHistorySentences({ 'votes.added': { text: ({ Who, Name }) => t('votes.js.history', { Who, Name }), icon: 'check' } });
   * ```
   *
   * @param {Record<string, {text: (values: object, entry: object) => string, icon?: string}>} sentences
   */
  addHistorySentences(sentences) {
    for (const [type, { text, icon = 'edit' }] of Object.entries(sentences)) {
      this.#require('history sentence', type, { text });
      this.#add('history sentence', type, { text, icon });
    }
  }

  /** What is registered under a name; undefined if nothing is. */
  get(kind, name) {
    return this.#tables.get(kind)?.get(name)?.value;
  }

  #all(kind) {
    return [...this.#tables.get(kind)?.values() ?? []].map(({ value }) => value);
  }

  #addFunctions(kind, functions) {
    for (const [name, value] of Object.entries(functions)) {
      this.#require(kind, name, { [name]: value });
      this.#add(kind, name, value);
    }
  }

  #add(kind, name, value) {
    if (!this.#tables.has(kind)) this.#tables.set(kind, new Map());
    const table = this.#tables.get(kind);
    if (table.has(name)) this.#fail(`adds the ${kind} "${name}", which static/js/${table.get(name).module}/onBoard.js has added: one of them needs another name`);
    table.set(name, { value, module: this.#module });
  }

  #require(kind, name, functions) {
    if (!name) this.#fail(`adds a ${kind} without a name: give it one`);
    for (const [key, value] of Object.entries(functions)) {
      if (typeof value !== 'function') this.#fail(`adds the ${kind} "${name}" with ${key === name ? 'something else than a function' : `no function "${key}"`}: add it`);
    }
  }

  #fail(problem) {
    throw new Error(`static/js/${this.#module}/onBoard.js ${problem}.`);
  }
}

function inOrder(entries) {
  return entries.toSorted((a, b) => a.order - b.order);
}

/** The extensions of this page. */
export const extensions = new Extensions();

const reported = new Set();

/**
 * Reports an event that no module handles, once: the page would show something else than the server knows. Only browser
 * stories and development builds report, since a server that is newer than the page may have more events.
 */
export function reportUnknownEvent(name) {
  if (!globalThis.reportsUnknownEvents || reported.has(name)) return;
  reported.add(name);
  console.error(`no module handles the event "${name}": add a reducer or a handler in its static/js/⟨module⟩/onBoard.js`);
}
