/** The palette finds cards, projects, people and commands, on every page, for those who may see them. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const isAwake = (page) => page.waitForFunction(() => !document.querySelector(':not(:defined)'));
const palette = (page) => page.locator('#w-palette[open]');
const input = (page) => palette(page).locator('.paletteInput');
const items = (page) => palette(page).locator('.paletteItem');
const chosen = (page) => palette(page).locator('[aria-selected=true]');
const names = (page) => palette(page).locator('.paletteName').allTextContents();
const cardWindow = (page) => page.locator('#w-cardWin[open]');

async function openPage(person, address = '/') {
  const page = await person.context.newPage();
  await page.goto(address);
  await isAwake(page);
  return page;
}

/** Types into the palette, once its dialog is open, and waits for exactly these names. */
async function finds(page, typed, wanted) {
  await input(page).fill(typed);
  await untilEqual(`"${typed}" finds ${wanted.length}`, () => names(page), wanted);
}

/** Waits for the answer to what is typed, so that what is not found has had its chance. */
async function settles(page, typed) {
  const answer = page.waitForResponse((response) => new URL(response.url()).searchParams.get('q') === typed);
  await input(page).fill(typed);
  await (await answer).finished();
  await palette(page).locator('.paletteResults[aria-busy=false]').waitFor({ state: 'attached' });
}

async function setVisibility(person, path, value) {
  const { project } = await person.snapshot(path);
  const answer = await person.ask('change_project_visibility', { projectId: project.id, value });
  assert.ok(answer.ok, JSON.stringify(answer));
}

story('by keyboard alone: a card of this board opens without a reload, one of another board on its page', async (world) => {
  const ana = await world.member('Ana');
  const [garden, house] = [await ana.makeProject('garden'), await ana.makeProject('house')];
  await ana.fill(garden, { Ideas: ['Gro\u0308ße der Beete', 'Water the plants'] });
  await ana.fill(house, { Rooms: ['Größe der Küche'] });
  const board = await ana.openBoard(garden);
  const { page } = board;
  await page.evaluate(() => { window.notReloaded = true; });
  await page.keyboard.press('Control+k');
  await input(page).waitFor();
  await until('the field has the focus', () => input(page).evaluate((node) => node === document.activeElement));
  await page.keyboard.type('GROSSE');
  await untilEqual('both are found, this board first', () => names(page), ['Gro\u0308ße der Beete', 'Größe der Küche']);
  assert.deepEqual(await palette(page).locator('.paletteGroup').allTextContents(), ['On this board', 'On other boards']);
  assert.deepEqual(await palette(page).locator('mark').allTextContents(), ['Gro\u0308ße', 'Größe']);
  assert.equal(await input(page).getAttribute('aria-activedescendant'), await chosen(page).getAttribute('id'));
  await page.keyboard.press('ArrowDown');
  assert.match(await chosen(page).textContent(), /Küche.*house, Rooms/);
  await page.keyboard.press('ArrowDown');
  assert.match(await chosen(page).textContent(), /Beete/);
  await page.keyboard.press('Enter');
  await cardWindow(page).waitFor();
  assert.match(await cardWindow(page).textContent(), /Gro\u0308ße der Beete/);
  assert.match(new URL(page.url()).search, /^\?card=\d+$/);
  await page.keyboard.press('Escape');
  await cardWindow(page).waitFor({ state: 'detached' });
  await until('the address is the board\'s', () => new URL(page.url()).search === '');
  assert.equal(await page.evaluate(() => window.notReloaded), true);

  await page.keyboard.press('/');
  await untilEqual('the card is the first of the recent ones', async () => (await names(page))[0], 'Gro\u0308ße der Beete');
  await page.keyboard.type('kuche');
  await untilEqual('one is found', () => names(page), ['Größe der Küche']);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === house && url.searchParams.has('card'));
  await cardWindow(page).waitFor();

  // From a page that is no board, and with Escape back to where one was.
  const home = await openPage(ana);
  await home.locator('.searchOpen').focus();
  await home.keyboard.press('Enter');
  await finds(home, 'water', ['Water the plants']);
  await home.keyboard.press('Escape');
  assert.equal(await palette(home).count(), 0);
  assert.equal(await home.evaluate(() => document.activeElement.className), 'searchOpen');
});

story('a card is found by those who may see it, from the moment they may and no longer', async (world) => {
  const [ana, ben] = [await world.member('Ana'), await world.member('Ben')];
  const garden = await ana.makeProject('garden');
  await ana.fill(garden, { Ideas: ['Secret plan'] });
  const page = await openPage(ben);
  await page.keyboard.press('/');
  await settles(page, 'secret');
  assert.deepEqual(await names(page), []);
  assert.equal(await palette(page).locator('.paletteNote').textContent(), 'No results for “secret”. Try fewer letters or another word.');

  const { inviteLink, project } = await ana.pageData(garden);
  await ben.join(inviteLink);
  await finds(page, 'secret p', ['Secret plan']);
  const board = await ana.openBoard(garden);
  const id = await board.card('Secret plan').getAttribute('data-card-id');
  const edited = await ana.ask('edit_card', {
    projectId: project.id, id, name: 'Open plan', cardDesc: '', attachedFiles: {}, replacedFiles: {}, removedFiles: [], newMembers: [], removedMembers: [],
  });
  assert.ok(edited.ok, JSON.stringify(edited));
  await settles(page, 'secret');
  assert.deepEqual(await names(page), [], 'the old name');
  await finds(page, 'open plan', ['Open plan']);
  const userId = await page.locator('meta[name=viewer]').getAttribute('content');
  const removed = await ana.ask('remove_user_from_project', { projectId: project.id, userId });
  assert.ok(removed.ok, JSON.stringify(removed));
  await settles(page, 'plan');
  assert.deepEqual(await names(page), [], 'after being removed');
});

story('a visitor of a public board searches that board and no other', async (world) => {
  const ana = await world.member('Ana');
  const [garden, house] = [await ana.makeProject('garden'), await ana.makeProject('house')];
  await ana.fill(garden, { Ideas: ['Paint the fence', 'Water'] });
  await ana.fill(house, { Rooms: ['Paint the kitchen'] });
  for (const each of [garden, house]) await setVisibility(ana, each, 'public');
  const guest = await world.visitor('Guest', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const board = await guest.openBoard(garden);
  const { page } = board;
  await page.locator('.searchOpen').tap();
  await finds(page, 'paint', ['Paint the fence']);
  await items(page).first().tap();
  await cardWindow(page).waitFor();
  await page.goto('/privacy');
  await isAwake(page);
  await page.keyboard.press('Control+k');
  assert.equal(await page.locator('.searchOpen').isVisible(), false);
  assert.equal(await palette(page).count(), 0);
});

story('archived cards are marked and lead to the archive; commands do what the menus do', async (world) => {
  const ana = await world.member('Ana');
  const garden = await ana.makeProject('garden');
  await ana.fill(garden, { Ideas: ['Old idea'] });
  const board = await ana.openBoard(garden);
  const { page } = board;
  await board.card('Old idea').locator('.cardTitle').focus();
  await page.keyboard.press('c');
  await board.shows([['Ideas', []]]);
  await page.keyboard.press('Control+k');
  await finds(page, 'old', ['Old idea']);
  assert.equal(await palette(page).locator('.paletteMark').textContent(), 'Archived');
  await page.keyboard.press('Enter');
  await page.locator('#w-archiveWin[open]').waitFor();
  await until('the address is the board\'s', () => new URL(page.url()).search === '');
  await board.closeWindow();
  const home = await openPage(ana);
  await home.keyboard.press('Control+k');
  await finds(home, 'old', ['Old idea']);
  await home.keyboard.press('Enter');
  await home.waitForURL((url) => url.pathname === garden);
  await home.locator('#w-archiveWin[open]').waitFor();

  await page.keyboard.press('Control+k');
  await input(page).fill('dark');
  await until('the theme is a command', async () => /Dark/.test(await chosen(page).textContent()));
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await page.keyboard.press('Control+k');
  await input(page).fill('history');
  await until('a window of the board is a command', async () => /istory/.test(await chosen(page).textContent()));
  await page.keyboard.press('Enter');
  await page.locator('#w-historyWin[open]').waitFor();
  await board.closeWindow();
  await page.keyboard.press('Control+k');
  await input(page).fill('new pro');
  await until('so is a new project', async () => (await chosen(page).textContent()).startsWith('New project'));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/new');
});

story('a card is found by its labels, a list by its name', async (world) => {
  const ana = await world.member('Ana');
  const [garden, house] = [await ana.makeProject('garden'), await ana.makeProject('house')];
  await ana.fill(garden, { Winter: ['Water', 'Mow'] });
  await ana.fill(house, { 'Wintertime, later': ['Paint'] });
  const board = await ana.openBoard(garden);
  const { page } = board;
  const { project } = await ana.snapshot(garden);
  const label = await ana.ask('create_label', { projectId: project.id, name: 'Before summer', colour: 'teal' });
  const cardIds = [Number(await board.card('Mow').getAttribute('data-card-id'))];
  const set = await ana.ask('set_label_on_cards', { projectId: project.id, labelId: label.id, cardIds, on: true });
  assert.ok(set.ok, JSON.stringify(set));
  await page.keyboard.press('Control+k');
  await finds(page, 'summer', ['Mow']);
  await finds(page, 'mow before', ['Mow']);
  await ana.ask('edit_label', { projectId: project.id, id: label.id, name: 'After rain', colour: 'teal' });
  await settles(page, 'summer m');
  assert.deepEqual(await names(page), [], 'the old name of the label');
  await finds(page, 'rain', ['Mow']);

  await finds(page, 'wint', ['Winter', 'Wintertime, later']);
  assert.deepEqual(await items(page).locator('.paletteWhere').allTextContents(), ['house'], 'where a list of another board is');
  await page.keyboard.press('Enter');
  await page.locator('#w-listWin[open]').waitFor();
  await untilEqual('it is the list', () => page.locator('#w-listWin h2').textContent(), 'Winter');
  await board.closeWindow();
  await page.goto('/search?q=wintert');
  assert.deepEqual(await page.locator('.searchList a').allTextContents(), ['Wintertime, laterhouse']);
  await page.locator('.searchList a').click();
  await page.waitForURL((url) => url.pathname === house);
  await page.locator('#w-listWin[open]').waitFor();
});

story('a search that fails says so and can be repeated', async (world) => {
  const ana = await world.member('Ana');
  const garden = await ana.makeProject('garden');
  await ana.fill(garden, { Ideas: ['Water'] });
  const board = await ana.openBoard(garden);
  const { page } = board;
  world.excuse(/ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED/);
  await page.keyboard.press('Control+k');
  await input(page).waitFor();
  await page.route('**/search/everything**', (route) => route.abort());
  await input(page).fill('water');
  await palette(page).locator('.paletteNote-problem').waitFor();
  assert.deepEqual(await names(page), []);
  assert.equal(await palette(page).locator('[role=status]').textContent(), await palette(page).locator('.paletteNote').textContent());
  await page.unroute('**/search/everything**');
  await palette(page).locator('.paletteRetry').click();
  await untilEqual('it is found', () => names(page), ['Water']);
  assert.equal(await palette(page).locator('.paletteRetry').isVisible(), false);
});

story('an answer that comes late does not replace a later one, and Enter does not open what was found before', async (world) => {
  const ana = await world.member('Ana');
  const garden = await ana.makeProject('garden');
  await ana.fill(garden, { Ideas: ['Apples', 'Pears'] });
  const { page } = await ana.openBoard(garden);
  await page.keyboard.press('Control+k');
  await finds(page, 'apples', ['Apples']);
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/search/everything?q=pears**', async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  const asked = page.waitForRequest(/q=pears/);
  await input(page).fill('pears');
  await page.keyboard.press('Enter');
  await asked;
  assert.equal(await cardWindow(page).count(), 0);
  await finds(page, 'appl', ['Apples']);
  release();
  await settles(page, 'apple');
  assert.deepEqual(await names(page), ['Apples']);
});

story('people and projects are found, in German, on a phone', async (world) => {
  const ana = await world.member('Ana', { locale: 'de-DE', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const ben = await world.member('Ben');
  for (const [from, to] of [[ana, 'Ben'], [ben, 'Ana']]) await from.post('/new-friend', { name: to });
  await ana.makeProject('benzin');
  const page = await openPage(ana);
  await page.locator('.searchOpen').tap();
  await finds(page, 'ben', ['benzin', 'Ben']);
  assert.deepEqual(await palette(page).locator('.paletteGroup').allTextContents(), ['Projekte', 'Personen']);
  for (const item of await items(page).all()) assert.ok((await item.boundingBox()).height >= 44);
  await settles(page, 'xyzzy');
  assert.equal(await palette(page).locator('.paletteNote').textContent(), 'Keine Treffer für „xyzzy“. Versuch es mit weniger Buchstaben oder einem anderen Wort.');
  await finds(page, 'ben', ['benzin', 'Ben']);
  await items(page).nth(1).tap();
  await page.waitForURL((url) => url.pathname.startsWith('/Ben'));
});

story('a person who is no friend is found by the whole name, and asked', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const page = await openPage(ana);
  await page.keyboard.press('/');
  await settles(page, 'a&b=c #?');
  assert.equal(await palette(page).locator('.paletteNote').textContent(), 'No results for “a&b=c #?”. Try fewer letters or another word.');
  await settles(page, 'Be');
  assert.deepEqual(await names(page), []);
  await finds(page, 'Ben', ['Ben']);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/new-friend?name=Ben&continue=%2F');
  await isAwake(page);
  await page.locator('main button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
  await (await openPage(ben, '/notifications')).locator('.feedEntry', { hasText: 'Ana' }).waitFor();
});

story('without scripts the search is a form and a page', async (world) => {
  const ana = await world.member('Ana');
  const garden = await ana.makeProject('garden');
  await ana.fill(garden, { Ideas: ['Water <b>plants</b>'] });
  const reader = await world.visitor('Ana', { javaScriptEnabled: false });
  await reader.logIn();
  const page = await reader.context.newPage();
  await page.goto('/');
  await page.locator('.searchInput').fill('wat');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/search\?q=wat/);
  assert.equal(await page.locator('.searchList mark').textContent(), 'Wat');
  assert.equal(await page.locator('.searchList .paletteName').textContent(), 'Water <b>plants</b>');
  await page.locator('.searchPage input').fill('xyzzy');
  await page.keyboard.press('Enter');
  await page.locator('.emptyTitle', { hasText: 'No results' }).waitFor();
  await page.goto('/search?q=water');
  await page.locator('.searchList a').click();
  await page.waitForURL((url) => url.pathname === garden && url.searchParams.has('card'));
});

const looks = [
  { name: 'light-en-desktop', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-de-phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

for (const { name, ...look } of looks) {
  story(`the palette and the page of results are accessible (${name})`, async (world) => {
    const ana = await world.member('Ana', look);
    const garden = await ana.makeProject('garden');
    await ana.fill(garden, { Ideas: ['Water the plants', 'Watch the birds'] });
    const page = (await ana.openBoard(garden)).page;
    await page.locator('.searchOpen').click();
    await items(page).first().waitFor();
    await check(page, `${name}-start`);
    await finds(page, 'wat', ['Watch the birds', 'Water the plants']);
    await page.keyboard.press('ArrowDown');
    await check(page, `${name}-palette`);
    await settles(page, 'xyzzy');
    await check(page, `${name}-none`);
    await page.goto('/search?q=water');
    await isAwake(page);
    await check(page, `${name}-page`);
  });
}

async function check(page, name) {
  await page.screenshot({ path: path.join(artifacts, 'screens', `search-${name}.png`) });
  await assertAccessible(page, { name });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is wider than the window');
}
