/**
 * What must be seen after each key of the shortcut sheet and each entry of each menu. The story reads keys and entries
 * from the page, so that a new one without a row fails; nothing depends on the page's language. The rows of a feature are in
 * `e2e/entries/⟨module⟩.js`, which is found by its name.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { Board } from './board.js';
import { until, untilEqual } from './until.js';

const LISTS = { Ideas: ['Zero'], 'To do': ['One', 'Two', 'Three'], Done: ['Four'] };
const START = Object.entries(LISTS);
const MAX_UNDONE = 4;
const UNDO_TIMEOUT_MS = 3000; // ms; after that the board is made anew, which only takes longer
const without = (name) => START.map(([list, cards]) => [list, cards.filter((card) => card !== name)]);

/** A board on which each key and entry is pressed, made anew whenever one has changed it. */
export class Stage {
  #count = 0;
  #path = null;

  /**
   * @param {import('./person.js').Person} owner
   * @param {import('./person.js').Person} member a friend of the owner who may change the board
   */
  constructor(owner, member) {
    Object.assign(this, { owner, member, page: null, board: null });
  }

  /** Shows the board as it is at first to one of the two, or another page to the owner, and marks that page. */
  async set(scene = {}) {
    await this.#show(scene);
    await this.page.evaluate(() => { document.documentElement.dataset.pressedHere = ''; });
  }

  async #show({ as = 'owner', at }) {
    const { context } = this[as];
    if (this.page?.context() !== context) this.page = await context.newPage();
    this.board = new Board(this.page);
    if (at) {
      await this.#goTo(at);
      await this.page.waitForFunction(() => !document.querySelector(':not(:defined)'));
      return;
    }
    if (this.#path && (await this.#isUntouched() || await this.#isTidied())) return;
    if (!this.#path || await this.#isMoved() || await this.#isChanged()) await this.#make();
    await this.#goTo(this.#path);
    await this.board.isAwake();
    await this.page.locator('board-connection[data-state="online"]').waitFor({ state: 'attached' });
  }

  // What was pressed before may still be leading to another page, which ends a navigation that begins meanwhile.
  async #goTo(address) {
    await this.page.goto(address).catch((error) => {
      if (!/ERR_ABORTED|interrupted/.test(error.message)) throw error;
      return this.page.goto(address);
    });
  }

  // To undo costs a fraction of a new project and a loaded page. What cannot be undone here ends with these.
  async #isTidied() {
    if (new URL(this.page.url()).pathname !== this.#path || !await this.page.locator('board-root[data-ready]').count()) return false;
    for (let done = 0; done < MAX_UNDONE && await this.#isMoved(); done += 1) {
      const before = JSON.stringify(await this.board.shown());
      await this.page.keyboard.press('Control+z');
      const isUndone = await until('something is undone', async () => JSON.stringify(await this.board.shown()) !== before, { timeoutMs: UNDO_TIMEOUT_MS }).catch(() => false);
      if (!isUndone) return false;
    }
    await this.page.keyboard.press('Escape'); // ends a selection
    return until('everything is as it was', async () => {
      await this.page.evaluate(() => document.querySelectorAll('.filterBox:not([hidden]) .filterClose, .toast .toastClose').forEach((button) => button.click()));
      return this.#isUntouched();
    }, { timeoutMs: UNDO_TIMEOUT_MS }).catch(() => false);
  }

  // Nothing on the page differs from a fresh one.
  async #isUntouched() {
    return await this.page.evaluate((path) => location.pathname + location.search === path && document.querySelector(
      'dialog:modal, :popover-open:not(.toasts), .toast, .boardHeadHidden, .filterBox:not([hidden]), .card-selected, .pickedUp, .composer:not([hidden]), .listNameField:not([hidden])',
    ) === null, this.#path) && !await this.#isChanged() && JSON.stringify(await this.board.shown()) === JSON.stringify(START);
  }

  // The page shows a change at once; the server may receive it later.
  async #isMoved() {
    return new URL(this.page.url()).pathname === this.#path && JSON.stringify(await this.board.shown()) !== JSON.stringify(START);
  }

  async #isChanged() {
    const { project } = await this.owner.snapshot(this.#path);
    return JSON.stringify(listsOf(project)) !== JSON.stringify(START) || Object.values(project.members).length < 2;
  }

  async #make() {
    this.#count += 1;
    this.#path = await this.owner.makeProject(`stage${this.#count}`);
    const { inviteAsAdminLink } = await this.owner.pageData(this.#path);
    await this.member.join(inviteAsAdminLink);
    await this.owner.fill(this.#path, LISTS);
    const { project } = await this.owner.snapshot(this.#path);
    const [listId, list] = Object.entries(project.lists).find(([, { name }]) => name === 'To do');
    const [id] = Object.entries(list.cards).find(([, { name }]) => name === 'Two');
    const answer = await this.owner.ask('edit_card', {
      projectId: project.id, listId: Number(listId), id: Number(id), name: 'Two', cardDesc: '', newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [], newMembers: [(await this.owner.pageData(this.#path)).currentUserId], removedMembers: [],
    });
    assert.ok(answer.ok, JSON.stringify(answer));
  }
}

function listsOf(project) {
  const byPos = (a, b) => a.pos - b.pos;
  return Object.values(project.lists).sort(byPos).map((list) => [list.name, Object.values(list.cards).sort(byPos).map((card) => card.name)]);
}

// What can be seen, in words of this file.
const opens = (id) => async ({ page }) => {
  await page.locator(`${id}:is([open], [data-panel]):visible`).waitFor();
  await until(`the focus is in the window of ${id}`, () => page.evaluate((selector) => document.querySelector(selector).closest('dialog').contains(document.activeElement), id));
};
const focuses = (selector) => ({ page }) => until(`${selector} has the focus`, () => page.evaluate((wanted) => document.activeElement.matches(wanted), selector));
const focusesText = (text) => ({ board }) => until(`"${text}" has the focus`, async () => (await board.focused()).includes(`"${text}"`));
const shows = (expected) => ({ board }) => board.shows(expected);
const selects = (...names) => ({ board }) => board.selects(...names);
const asks = async ({ page }) => { await page.locator('dialog[role="alertdialog"]:modal').waitFor(); };
const all = (...seen) => async (stage) => { for (const look of seen) await look(stage); };
const goesTo = (pattern) => async ({ page }) => {
  await page.waitForURL(pattern);
  await page.locator('h1').first().waitFor({ state: 'attached' });
};
const offersUndo = async ({ page }) => { await page.locator('.toast .toastAction').waitFor(); };
const gone = (name) => all(shows(without(name)), offersUndo);

/** A card of "To do" moved, by the order that list then has, or with the list it went to. */
const moved = {
  up: shows([['Ideas', ['Zero']], ['To do', ['Two', 'One', 'Three']], ['Done', ['Four']]]),
  down: shows([['Ideas', ['Zero']], ['To do', ['One', 'Three', 'Two']], ['Done', ['Four']]]),
  left: shows([['Ideas', ['Zero', 'Two']], ['To do', ['One', 'Three']], ['Done', ['Four']]]),
  leftTop: shows([['Ideas', ['Two', 'Zero']], ['To do', ['One', 'Three']], ['Done', ['Four']]]),
  right: shows([['Ideas', ['Zero']], ['To do', ['One', 'Three']], ['Done', ['Four', 'Two']]]),
  rightTop: shows([['Ideas', ['Zero']], ['To do', ['One', 'Three']], ['Done', ['Two', 'Four']]]),
};
const [ideas, todo, done] = START;
const listFirst = shows([todo, ideas, done]);
const listLast = shows([ideas, done, todo]);

// The word behind the name of a copy depends on the language.
const copied = (expected) => ({ board }) => untilEqual('the copy is shown', async () => (
  (await board.shown()).map(([list, cards]) => [list, ...cards].map((name) => name.replace(/ \((copy|Kopie)\)$/, ''))).map(([list, ...cards]) => [list, cards])
), expected);

const selectTwoAndThree = async ({ page, board }) => {
  for (const name of ['Two', 'Three']) {
    await board.card(name).locator('.cardTitle').focus();
    await page.keyboard.press('Control+Space');
  }
  await board.selects('Two', 'Three');
};
const deleteTwo = async ({ page, board }) => {
  await board.card('Two').locator('.cardTitle').focus();
  await page.keyboard.press('c');
  await gone('Two')({ page, board });
};
const openFilter = async ({ page }) => {
  await page.keyboard.press('f');
  await page.locator('.filterText').fill('Two');
  await page.locator('.filterCount').getByText(/1\D+5/).waitFor();
};

/**
 * Keys of the sheet, as Playwright writes them. `before` prepares, `seen` is what must be seen; the card Two has the focus.
 */
export const keys = {
  ArrowUp: { seen: focusesText('One') },
  ArrowDown: { seen: focusesText('Three') },
  ArrowLeft: { seen: focusesText('Zero') },
  ArrowRight: { seen: focusesText('Four') },
  Home: { seen: focusesText('One') },
  End: { seen: focusesText('Three') },
  PageUp: { seen: focusesText('One') },
  PageDown: { seen: focusesText('Three') },
  Enter: { seen: opens('#w-cardWin') },
  w: { seen: async ({ page }) => { await page.locator('.memberPopup:popover-open', { hasText: 'Ana' }).waitFor(); } },
  Space: {
    seen: async ({ page, board }) => {
      await page.locator('.card.pickedUp').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await moved.down({ board });
      await focusesText('Two')({ board });
    },
  },
  n: { seen: focuses('cards-composer textarea') },
  l: { seen: focuses('lists-composer input') },
  '-': { seen: collapses },
  e: { seen: all(opens('#w-cardWin'), focuses('#w-cardWin input[type="text"]')), then: rename },
  t: { seen: all(opens('#w-cardWin'), focuses('#w-cardWin input[type="text"]')), then: rename },
  'Shift+F10': { seen: focuses('.menu:popover-open .menuItem') },
  m: { seen: all(opens('#w-cardWin'), focuses('#w-cardWin .memberChoice input')) },
  c: { seen: gone('Two') },
  ',': { seen: moved.left },
  '.': { seen: moved.right },
  '<': { seen: moved.leftTop },
  '>': { seen: moved.rightTop },
  s: { seen: selects('Two') },
  'Control+z': {
    before: async (stage) => {
      await stage.page.keyboard.press('.');
      await moved.right(stage);
    },
    seen: shows(START),
  },
  'Control+Shift+z': {
    before: async (stage) => {
      await stage.page.keyboard.press('.');
      await moved.right(stage);
      await stage.page.keyboard.press('Control+z');
      await shows(START)(stage);
    },
    seen: moved.right,
  },
  'Shift+ArrowUp': { seen: selects('One', 'Two') },
  'Shift+ArrowDown': { seen: selects('Two', 'Three') },
  'Control+click': { press: ({ board }) => board.card('One').click({ modifiers: ['Control'] }), seen: selects('One') },
  f: { seen: focuses('.filterText') },
  q: {
    seen: async ({ page }) => {
      await untilEqual('only Ana\'s card is shown', () => page.locator('.card[data-card-id]:not([hidden]) .cardTitle').allTextContents(), ['Two']);
      await page.keyboard.press('q');
      await untilEqual('all are shown', () => page.locator('.card[data-card-id]:not([hidden])').count(), 5);
    },
  },
  x: { before: async (stage) => { await openFilter(stage); await stage.board.card('Two').locator('.cardTitle').focus(); }, seen: showsAll },
  Alt: { press: () => {}, seen: opensEachGroup },
  '?': { seen: opens('#w-keysWin') },
  Escape: { before: (stage) => stage.page.keyboard.press('s'), seen: selects() },
};

// And expands again by the key: it would be remembered.
async function collapses({ page }) {
  await page.locator('.list:nth-of-type(2).list-collapsed').waitFor();
  await focuses('.list-collapsed .listNameLink')({ page });
  await page.keyboard.press('-');
  await until('the list is expanded', async () => await page.locator('.list-collapsed').count() === 0);
}

async function showsAll({ page }) {
  await untilEqual('all cards are shown', () => page.locator('.card[data-card-id]:not([hidden])').count(), 5);
}

// The name can be changed, and the board has it.
async function rename({ page, board }) {
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Second');
  await page.keyboard.press('Enter');
  await shows([ideas, ['To do', ['One', 'Second', 'Three']], done])({ board });
}

async function opensEachGroup({ page, board }) {
  const groups = await page.locator('#boardMenu [data-key]:has([role="menuitem"])').evaluateAll((nodes) => nodes.map(({ dataset }) => dataset.key));
  assert.ok(groups.length >= 3);
  for (const key of groups) {
    await board.card('Two').locator('.cardTitle').focus();
    await page.keyboard.press(`Alt+Key${key}`);
    await focuses(`#boardMenu:popover-open [data-key="${key}"] [role="menuitem"]`)({ page });
    await page.keyboard.press('Escape');
    await page.locator('#boardMenu:popover-open').waitFor({ state: 'detached' }).catch(() => {});
    await until('the menu is closed', async () => await page.locator('#boardMenu:popover-open').count() === 0);
  }
}

const win = (name) => opens(`#w-${name}Win`);
const language = (lang) => async ({ page }) => { await page.locator(`html[lang="${lang}"]`).waitFor({ state: 'attached' }); };
const theme = (name) => async ({ page }) => { await page.locator(name ? `html[data-theme="${name}"]` : 'html:not([data-theme])').waitFor({ state: 'attached' }); };

/**
 * Menus and bars. `opener` is pressed (on the board unless `at` says where), `items` are its entries, each known by its
 * value, the address it leads to, or its icon. `entries` says what must be seen.
 */
export const menus = {
  'menu of a card': {
    opener: ({ board }) => board.card('Two').locator('.cardMenuButton'), items: '.menu:popover-open [role^="menuitem"]',
    entries: {
      card: opens('#w-cardWin'), edit: all(opens('#w-cardWin'), focuses('#w-cardWin input[type="text"]'), rename), users: all(opens('#w-cardWin'), focuses('#w-cardWin .memberChoice input')),
      check: selects('Two'), move: win('moveCard'), arrowUp: moved.up, arrowDown: moved.down, chevronUp: moved.up, chevronDown: moved.down,
      arrowLeft: moved.left, arrowRight: moved.right, archive: gone('Two'), delete: gone('Two'),
      copy: copied([ideas, ['To do', ['One', 'Two', 'Two', 'Three']], done]),
      link: async ({ page }) => { await page.locator('.toast-success', { hasText: /Link (copied|kopiert)/ }).waitFor(); },
    },
  },
  'menu of several cards': {
    opener: ({ board }) => board.card('Two').locator('.cardMenuButton'), items: '.menu:popover-open [role^="menuitem"]', prepare: selectTwoAndThree,
    entries: {
      move: win('moveCard'), users: async ({ page }) => { await page.locator('dialog:modal .memberChoice').first().waitFor(); }, check: selects('Three'),
      archive: shows([ideas, ['To do', ['One']], done]), delete: shows([ideas, ['To do', ['One']], done]),
    },
  },
  'bar of the selection': {
    opener: null, items: '.selectionBar button', prepare: selectTwoAndThree,
    entries: {
      moveSeveral: win('moveCard'), members: async ({ page }) => { await page.locator('dialog:modal .memberChoice').first().waitFor(); },
      archive: shows([ideas, ['To do', ['One']], done]), delete: shows([ideas, ['To do', ['One']], done]), close: selects(),
    },
  },
  'menu of a list': {
    opener: ({ board }) => board.list('To do').locator('.listMenuButton'), items: '.menu:popover-open [role^="menuitem"]',
    entries: {
      plus: focuses('.list:nth-of-type(2) cards-composer textarea'), list: opens('#w-listWin'), edit: focuses('.list:nth-of-type(2) .listNameField'),
      arrowLeft: listFirst, arrowRight: listLast, minus: collapses,
      copy: copied([ideas, todo, ['To do', todo[1]], done]), chevronDown: shows([ideas, ['To do', ['One', 'Three', 'Two']], done]),
      history: shows([ideas, ['To do', ['Three', 'Two', 'One']], done]), chevronLeft: listFirst, chevronRight: listLast,
      move: win('moveList'), card: win('moveCards'), archive: all(shows([ideas, done]), offersUndo), delete: all(shows([ideas, done]), offersUndo),
    },
  },
  'menu of the board': {
    opener: ({ page }) => page.locator('.boardMenuButton'), items: '#boardMenu [role^="menuitem"]',
    entries: {
      'open-settings': win('settings'), 'toggle-head': togglesHead, 'open-keys': win('keys'), '/guide': goesTo(/\/guide$/),
    },
    onPhone: { 'open-invite': win('invite') },
  },
  'menu of the board, for a member': {
    as: 'member', opener: ({ page }) => page.locator('.boardMenuButton'), items: '#boardMenu [role^="menuitem"]', only: ['open-leave'], entries: { 'open-leave': asks },
  },
  'head of the board': {
    opener: null, items: '.boardHead button:not(.boardMenuButton)',
    entries: { 'open-people': win('people'), 'open-invite': win('invite'), 'open-filter': focuses('.filterText') },
  },
  'settings of the project': {
    opener: null, items: '#w-settingsWin [role="tab"]',
    prepare: async ({ board }) => { await board.openWindow('details'); },
    entries: Object.fromEntries(['details', 'colour', 'visibility', 'people', 'owner', 'delete'].map((name) => [name, win(name)])),
  },
  'filter': {
    opener: null, items: '.filterBox button', prepare: openFilter,
    entries: { clear: all(showsAll, focuses('.filterText')), close: all(showsAll, async ({ page }) => { await page.locator('.filterBox').waitFor({ state: 'hidden' }); }) },
  },
  'message with a way back': {
    opener: null, items: '.toast:last-child button', prepare: deleteTwo,
    entries: { toastAction: all(shows(START), focusesText('Two')), close: async ({ page }) => { await page.locator('.toast:has(.toastAction)').waitFor({ state: 'detached' }); } },
  },
  'who is that': {
    opener: null, items: '.memberPopup:popover-open :is(a, button)',
    prepare: async ({ page, board }) => {
      await board.card('Two').locator('.cardTitle').focus();
      await page.keyboard.press('w');
      await page.locator('.memberPopup:popover-open').waitFor();
    },
    entries: {
      '/Ana': goesTo(/\/Ana/),
      'btn-wide': async ({ page }) => { await untilEqual('only hers is shown', () => page.locator('.card[data-card-id]:not([hidden]) .cardTitle').allTextContents(), ['Two']); },
    },
  },
  'role of a member': {
    opener: ({ page }) => page.locator('#w-peopleWin .personRole'), items: '.menu:popover-open [role^="menuitem"]',
    prepare: async ({ page }) => {
      await page.locator('.boardPeopleButton').click();
      await page.locator('#w-peopleWin .personRole').waitFor();
    },
    name: (index) => ['can edit', 'can view', 'remove'][index],
    entries: {
      'can edit': opens('#w-peopleWin'), 'can view': async ({ page }) => { await page.locator('.toast-success').waitFor(); }, remove: asks,
    },
  },
  'menu of the colours': {
    opener: ({ page }) => page.locator('.headerTheme [aria-haspopup]'), items: '#themeMenu [role^="menuitem"]',
    name: (index) => ['light', 'dark', 'system'][index],
    entries: { light: theme('light'), dark: theme('dark'), system: theme('') },
  },
  'menu of the account': {
    opener: ({ page }) => page.locator('.accountButton'), items: '#accountMenu [role^="menuitem"]',
    entries: {
      '/': goesTo(/\/$/), '/Ana': goesTo(/\/Ana\/projects$/), '/Ana/settings': goesTo(/\/Ana\/settings$/),
      logout: async (stage) => {
        await goesTo(/\/$/)(stage);
        await stage.page.locator('header a[href^="/login"]').waitFor();
        await stage.owner.logIn();
      },
    },
  },
  'menu of the languages': {
    at: '/privacy', opener: ({ page }) => page.locator('.footerButton'), items: '#languageMenu [role^="menuitem"]',
    name: (index) => ['en', 'de'][index],
    entries: { en: language('en'), de: language('de') },
  },
  'menu of a friend': {
    at: '/Ben/projects', opener: ({ page }) => page.locator('[popovertarget="personMenu"]'), items: '#personMenu [role^="menuitem"]',
    entries: { '?removeFriend=1': opens('#w-removeFriend'), '/friend-requests/blocked?name=Ben': goesTo(/\/friend-requests\/blocked\?name=Ben$/) },
  },
};

async function togglesHead({ page }) {
  await page.locator('body.boardHeadHidden').waitFor();
  await page.locator('.boardMenuButton').click();
  await page.locator('#boardMenu [value="toggle-head"]').click();
  await page.locator('body:not(.boardHeadHidden)').waitFor();
}

// Rows of features. The default export of each file gets what this file can see and returns `{ keys, menus, onPhone }`, all optional:
// keys as above, and by the title of a menu the entries that it adds, everywhere or on a phone only.
const helpers = { START, all, asks, deleteTwo, focuses, focusesText, gone, goesTo, offersUndo, opens, selects, selectTwoAndThree, shows, win };
const folder = new URL('../entries/', import.meta.url);
for (const file of readdirSync(folder).sort()) {
  const { default: rowsOf } = await import(new URL(file, folder));
  const rows = rowsOf(helpers);
  Object.assign(keys, rows.keys);
  for (const [title, entries] of Object.entries(rows.menus ?? {})) {
    assert.ok(menus[title], `${file}: there is no menu "${title}"; the menus of lib/everything.js are ${Object.keys(menus).join(', ')}`);
    Object.assign(menus[title].entries, entries);
  }
  for (const [title, entries] of Object.entries(rows.onPhone ?? {})) {
    menus[title].onPhone = { ...menus[title].onPhone, ...entries };
  }
}
