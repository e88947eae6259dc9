/** The first minutes: a project that begins with lists, boards with stars on the start page, and the bell on every page. */
import assert from 'node:assert/strict';
import { openBoard } from './lib/board.js';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const isAwake = (page) => page.waitForFunction(() => !document.querySelector(':not(:defined)'));
const tile = (page, list, name) => page.locator(`#${list} .tile`, { hasText: name });
const bell = (page) => page.locator('home-bell a');
const count = (page) => page.locator('#notificationsCount');
const entry = (page, text) => page.locator('.feedEntry', { hasText: text });

async function open(person, address) {
  const page = await person.context.newPage();
  await page.goto(address);
  await isAwake(page);
  return page;
}

story('a new person makes a board with lists and finds it on the start page, in German on a phone', async (world) => {
  const ana = await world.member('Ana', { locale: 'de-DE', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await open(ana, '/');
  await page.locator('#homeProjectsEmpty .btn-primaryAction').click();
  await page.waitForURL('**/new');
  await isAwake(page);
  await page.locator('#title:focus').waitFor();
  await page.keyboard.type('umzug');
  const box = page.locator('[name=lists]');
  assert.equal(await box.isChecked(), true);
  await page.locator('main button[type=submit]').click();
  await openBoard(page);
  assert.deepEqual(await page.locator('.listName').allTextContents(), ['Offen', 'In Arbeit', 'Erledigt']);
  await page.goto('/');
  await tile(page, 'recentTiles', 'umzug').waitFor();
  assert.match(await page.locator('.tile time').textContent(), /^(jetzt|vor)/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);

  await page.goto('/new');
  await isAwake(page);
  await page.locator('[name=lists]').uncheck();
  await page.keyboard.press('Tab');
  await page.locator('input:visible').first().fill('leer');
  await page.locator('main button[type=submit]').click();
  await openBoard(page);
  assert.equal(await page.locator('.listName').count(), 0);
});

story('a star puts a board in front in all tabs of one person, by keyboard and without scripts', async (world) => {
  const ana = await world.member('Ana');
  await ana.makeProject('alpha');
  await ana.makeProject('beta');
  const [first, second] = [await open(ana, '/'), await open(ana, '/')];
  await tile(first, 'recentTiles', 'alpha').locator('.tileStar').focus();
  await first.keyboard.press('Enter');
  await tile(first, 'starredTiles', 'alpha').waitFor();
  await tile(second, 'starredTiles', 'alpha').waitFor();
  await untilEqual('the focus is on the star that moved', () => first.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Star for alpha');
  assert.equal(await tile(first, 'starredTiles', 'alpha').locator('.tileStar').getAttribute('aria-pressed'), 'true');
  assert.equal(await tile(first, 'recentTiles', 'alpha').count(), 0);

  const ben = await world.member('Ben');
  const { inviteLink } = await ana.pageData('/Ana/alpha');
  await ben.join(inviteLink);
  const bens = await open(ben, '/');
  await tile(bens, 'recentTiles', 'alpha').waitFor();
  assert.equal(await bens.locator('#starredTiles').count(), 0, 'a star is of one person');

  const plain = await world.visitor('Ana', { javaScriptEnabled: false, storageState: await ana.context.storageState() });
  const page = await plain.context.newPage();
  await page.goto('/');
  await tile(page, 'starredTiles', 'alpha').locator('.tileStar').click();
  await tile(page, 'recentTiles', 'alpha').waitFor();
  await tile(first, 'recentTiles', 'alpha').waitFor();
});

story('a board has its star in its head; a visitor finds a starred public board on the start page while it may be seen', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('alpha');
  const { project } = await ana.snapshot(path);
  await ana.ask('change_project_visibility', { projectId: project.id, value: 'public' });
  const start = await open(ana, '/');
  const [one, two] = [await ana.openBoard(path), await ana.openBoard(path)];
  const star = ({ page }) => page.locator('.boardStarButton');
  const isStarred = (board) => star(board).getAttribute('aria-pressed');
  assert.equal(await isStarred(one), 'false');
  await star(one).focus();
  await one.page.keyboard.press('Enter');
  for (const board of [one, two]) await untilEqual('all tabs show it', () => isStarred(board), 'true');
  await tile(start, 'starredTiles', 'alpha').waitFor();
  await two.page.reload();
  assert.equal(await isStarred(two), 'true');

  const ben = await world.member('Ben');
  const bens = await ben.openBoard(path);
  assert.equal(await isStarred(bens), 'false', 'a star is of one person');
  await star(bens).click();
  await untilEqual('the server has it', () => star(bens).getAttribute('aria-busy'), null);
  const bensStart = await open(ben, '/');
  await tile(bensStart, 'starredTiles', 'alpha').waitFor();

  const signedOut = await (await world.visitor('Visitor')).openBoard(path);
  assert.equal(await star(signedOut).count(), 0, 'without an account there is no star');

  await ana.ask('change_project_visibility', { projectId: project.id, value: 'private' });
  await bensStart.reload();
  await bensStart.locator('#homeProjects').waitFor();
  assert.equal(await bensStart.locator('.tile').count(), 0, 'a board that is private now is not shown');

  // What the server refuses is taken back.
  world.excuse(/404/);
  await one.page.route('**/stars', (route) => route.fulfill({ status: 404, json: { error: 'notFound', message: 'Not any more.' } }));
  await star(one).click();
  await one.page.locator('.toast', { hasText: 'Not any more.' }).waitFor();
  assert.equal(await isStarred(one), 'true');
});

story('the bell tells of a friend and of a project, on a board too, and is read in all tabs', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ben.makeProject('garden');
  const board = await openBoard(await ben.context.newPage(), path);
  const other = await open(ben, '/privacy');
  await ana.post('/new-friend', { name: 'Ben' });
  for (const page of [board.page, other]) await count(page).filter({ hasText: '1' }).waitFor();
  await bell(board.page).focus();
  await board.page.keyboard.press(' ');
  await entry(board.page, 'Ana').locator('[name=accept]').click();
  await board.page.locator('.bellPanel #feedEmpty').waitFor();
  for (const page of [board.page, other]) await count(page).waitFor({ state: 'hidden' });
  await board.page.keyboard.press('Escape');
  await untilEqual('the focus is back on the bell', () => board.page.evaluate(() => document.activeElement.closest('home-bell') !== null), true);

  const anas = await open(ana, '/');
  await count(anas).filter({ hasText: '1' }).waitFor(); // the answer to the request
  const added = (await board.openWindow('invite')).locator('projects-friend');
  await added.locator('input').first().fill('Ana');
  await added.locator('button[type=submit]').click();
  await count(anas).filter({ hasText: '2' }).waitFor();
  await bell(anas).click();
  await entry(anas, 'garden').filter({ hasText: 'Ben' }).waitFor();
  const seen = await open(ana, '/notifications');
  assert.match(await seen.title(), /^Notifications · Taskstack$/);
  await anas.locator('.bellPanel [name=until]').click();
  await anas.locator('.bellPanel #earlierEntries').waitFor();
  await seen.locator('#earlierEntries .feedEntry', { hasText: 'garden' }).waitFor();
  for (const page of [anas, seen]) await count(page).waitFor({ state: 'hidden' });
  await entry(anas, 'garden').locator('.feedLink').click();
  await anas.waitForURL(`**${path}`);
});

story('without scripts the bell leads to a page on which requests are answered', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await ana.post('/new-friend', { name: 'Ben' });
  const plain = await world.visitor('Ben', { javaScriptEnabled: false, storageState: await ben.context.storageState() });
  const page = await plain.context.newPage();
  await page.goto('/');
  assert.equal(await count(page).locator('[aria-hidden]').textContent(), '1');
  await bell(page).click();
  await page.waitForURL('**/notifications');
  await page.locator('[name=until]').click();
  await page.locator('#earlierEntries .feedEntry', { hasText: 'Ana' }).waitFor();
  assert.equal(await count(page).isVisible(), false);
  await page.locator('[name=accept]').click();
  await page.waitForURL('**/notifications');
  await page.locator('#feedEmpty').waitFor();
  await until('they are friends', async () => (await (await ben.context.request.get('/')).text()).includes('id="friends"'));
});
