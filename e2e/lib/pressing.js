/**
 * Presses every key of the shortcut sheet and every entry of every menu, in both languages, on a desktop and a phone.
 * Keys and entries are read from the page; what must be seen afterwards is in everything.js. No page error, no
 * unhandled rejection (the story notices both), and the focus is never lost.
 */
import assert from 'node:assert/strict';
import { story } from './story.js';
import { keys, menus, Stage } from './everything.js';
import { until } from './until.js';

/**
 * @param {string} place what the stories are called
 * @param {import('playwright-core').BrowserContextOptions} options
 */
export function pressEverything(place, options) {
  story(`every key of the sheet does what it says (${place})`, async (world) => {
    const stage = await stageFor(world, options);
    await stage.set();
    const written = await keysOfSheet(stage);
    assert.deepEqual(written.filter((key) => !(key in keys)), [], 'keys of the sheet without a row in lib/everything.js');
    assert.deepEqual(Object.keys(keys).filter((key) => !written.includes(key)), [], 'rows for keys that the sheet does not have');
    await collecting(written, (key) => pressed(world, stage, `key ${key}`, () => pressKey(stage, key)));
  });

  story(`every entry of every menu does what it says (${place})`, async (world) => {
    const stage = await stageFor(world, options);
    await collecting(Object.keys(menus), (title) => pressAll(world, stage, title, options));
  });
}

/** Goes on when something fails, and fails with all of it in the end. */
async function collecting(things, press) {
  const failures = [];
  for (const thing of things) await press(thing).catch((error) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n\n'));
}

async function pressAll(world, stage, title, { hasTouch = false }) {
  const menu = menus[title];
  // On a phone the menu has what the head has no room for.
  const entries = hasTouch ? { ...menu.entries, ...menu.onPhone } : menu.entries;
  const press = (locator) => (hasTouch ? locator.tap() : locator.click());
  const names = await namesOf(await openMenu(stage, menu, press), menu);
  if (!menu.only) assert.deepEqual(names.filter((name) => !(name in entries)), [], `entries of "${title}" without a row in lib/everything.js`);
  // On a phone some have no room.
  if (!hasTouch) assert.deepEqual(Object.keys(menu.entries).filter((name) => !names.includes(name)), [], `rows for entries that "${title}" does not have`);
  await collecting(names.filter((name) => name in entries), (name) => pressed(world, stage, `"${name}" of ${title}`, async () => {
    const items = await openMenu(stage, menu, press);
    await press(items.nth(names.indexOf(name)));
    await entries[name](stage);
  }));
}

/** Every button on a page that opens a menu is known here. */
export function leaveNoMenuOut(options) {
  story('no menu is left out', async (world) => {
    const stage = await stageFor(world, options);
    await stage.set();
    const addresses = [new URL(stage.page.url()).pathname, '/', '/new', '/Ben/projects', '/Ana/projects', '/Ana/settings', '/privacy'];
    for (const address of addresses) {
      await stage.set({ at: address });
      await markKnown(stage);
      const unknown = await stage.page.locator('[aria-haspopup="menu"]:not([data-known])').evaluateAll((nodes) => nodes.filter((node) => node.checkVisibility()).map((node) => node.className));
      assert.deepEqual(unknown, [], `menus on ${address} that lib/everything.js does not know`);
    }
  });
}

async function stageFor(world, options) {
  const ana = await world.member('Ana', options);
  const ben = await world.member('Ben', options);
  // A log-out may overtake the handshake of the page it ends.
  world.excuse(/ 401 .*\/socket\.io\//);
  await befriend(ana, ben);
  return new Stage(ana, ben);
}

async function befriend(ana, ben) {
  await ana.post('/new-friend', { name: 'Ben' });
  const page = await (await ben.context.request.get('/notifications')).text();
  const [, id] = page.match(/name="accept" value="(\d+)"/);
  await ben.post('/friend-requests', { accept: id });
}

/** What the sheet lists, as Playwright writes keys. */
async function keysOfSheet({ page }) {
  const rows = await page.locator('#w-keysWin .keyList dt').evaluateAll((nodes) => nodes.map((row) => [...row.querySelectorAll('kbd')].map((kbd) => kbd.textContent.trim())));
  return rows.flatMap(([first, ...others]) => {
    const key = inEnglish(first);
    if (key === 'Alt') return ['Alt'];
    return ['Shift', 'Control'].includes(key) ? others.map((other) => `${key}+${inEnglish(other)}`) : [key, ...others.map(inEnglish)];
  });
}

const words = {
  '↑': 'ArrowUp', '↓': 'ArrowDown', '←': 'ArrowLeft', '→': 'ArrowRight', Leertaste: 'Space', Umschalt: 'Shift', Ctrl: 'Control', Strg: 'Control',
  click: 'click', Klick: 'click', 'Ctrl+Z': 'Control+z', 'Strg+Z': 'Control+z', 'Ctrl+K': 'Control+k', 'Strg+K': 'Control+k', 'Ctrl+Shift+Z': 'Control+Shift+z', 'Strg+Umschalt+Z': 'Control+Shift+z', Esc: 'Escape', Pos1: 'Home', Ende: 'End', 'Page Up': 'PageUp',
  'Page Down': 'PageDown', 'Bild ↑': 'PageUp', 'Bild ↓': 'PageDown',
};

function inEnglish(word) {
  return words[word] ?? (word.length === 1 ? word.toLowerCase() : word);
}

async function pressKey(stage, key) {
  const { before, press, seen, then } = keys[key];
  await stage.set();
  await stage.board.card('Two').locator('.cardTitle').focus();
  await before?.(stage);
  await (press ? press(stage) : stage.page.keyboard.press(key));
  await seen(stage);
  await then?.(stage);
}

async function openMenu(stage, menu, press) {
  await stage.set(menu);
  await menu.prepare?.(stage);
  const opener = menu.opener?.(stage);
  if (opener) {
    await opener.scrollIntoViewIfNeeded();
    await press(opener);
  }
  const items = stage.page.locator(menu.items).filter({ visible: true });
  await items.first().waitFor();
  return items;
}

// By value, address, icon, or the class that says what a button is for.
async function namesOf(items, { name }) {
  const names = await items.evaluateAll((nodes) => nodes.map((node) => node.value || node.getAttribute('href') || node.getAttribute('aria-controls')?.replace(/^w-|Win$/g, '') || node.dataset.target
    || [...node.querySelector('.icon')?.classList ?? []].find((one) => /^icon-(?!small)/.test(one))?.slice(5) || [...node.classList].at(-1)));
  return name ? names.map((_, index) => name(index)) : names;
}

/** Something was pressed: it had its effect, nothing went wrong, and the focus is somewhere. */
async function pressed(world, stage, what, press) {
  try {
    await press();
    await focusIsKept(stage.page);
    for (let closed = 0; closed < 3 && await hasOverlay(stage.page); closed += 1) await stage.page.keyboard.press('Escape');
    await focusIsKept(stage.page);
    world.assertNoTrouble();
  } catch (error) {
    throw new Error(`${what}: ${error.message}`, { cause: error });
  }
}

function hasOverlay(page) {
  return page.evaluate(() => document.querySelector('dialog:modal, :popover-open:not(.toasts)') !== null);
}

// On a page that has just been loaded nothing has the focus yet.
async function focusIsKept(page) {
  await until('the focus is not on body', () => page.evaluate(() => document.documentElement.dataset.pressedHere === undefined
    || (document.activeElement !== document.body && document.activeElement !== null)));
}

async function markKnown({ page, board }) {
  for (const { opener } of Object.values(menus)) {
    if (opener) await opener({ page, board }).evaluateAll((nodes) => nodes.forEach((node) => { node.dataset.known = ''; }));
  }
  // All lists and cards have the same.
  await page.locator('.cardMenuButton, .listMenuButton').evaluateAll((nodes) => nodes.forEach((node) => { node.dataset.known = ''; }));
}
