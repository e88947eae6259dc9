/** The colour of a board: chosen for a new project, changed for everyone at once, undone, in the history and on the tile. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { untilEqual } from './lib/until.js';

const colourOf = ({ page }) => page.evaluate(() => [...document.body.classList].find((name) => name.startsWith('boardColour-')));
const background = ({ page }) => page.locator('.board').evaluate((node) => getComputedStyle(node).backgroundImage);
const bars = ({ page }) => page.locator('meta[name="theme-color"]').evaluateAll((metas) => metas.map(({ content }) => content));
const icon = ({ page }) => page.locator('link[rel="icon"]').getAttribute('href');

story('a board has the colour that was chosen for it; a new one is seen by everyone at once, and can be undone', async (world) => {
  const [ana, ben] = [await world.member('Ana'), await world.member('Ben')];
  const page = await ana.context.newPage();
  await page.goto('/new');
  await page.locator('[name="title"]').fill('Party');
  await page.locator('.boardColourChoice.boardColour-sunset').click();
  await page.locator('[name="name"]').fill('party');
  await page.locator('main [type="submit"]').click();
  await page.waitForURL('**/Ana/party');
  const a = await ana.openBoard('/Ana/party', page);
  await untilEqual('it is in the colour of the form', () => colourOf(a), 'boardColour-sunset');
  await ben.join((await ana.pageData('/Ana/party')).inviteAsAdminLink);
  const b = await ben.openBoard('/Ana/party');
  const [before, iconBefore, barsBefore] = [await background(b), await icon(b), await bars(b)];
  assert.ok(!barsBefore.includes('#fbfaf7') && barsBefore[0] !== barsBefore[1], `the bar of the browser has the board's colour, in both themes: ${barsBefore}`);
  const focused = await b.page.evaluate(() => document.activeElement.localName);

  const win = await a.openWindow('colour');
  assert.equal(await win.locator(':checked').inputValue(), 'sunset');
  await win.locator('.boardColourChoice.boardColour-dusk').click();
  for (const board of [a, b]) await untilEqual('both see it', () => colourOf(board), 'boardColour-dusk');
  assert.notEqual(await background(b), before, 'the background has changed');
  assert.notEqual(await icon(b), iconBefore, 'the icon of the tab has changed');
  assert.notDeepEqual(await bars(b), barsBefore, 'the bar of the browser has changed');
  assert.equal(await b.page.evaluate(() => document.activeElement.localName), focused, 'nothing took the focus away');
  await a.closeWindow();

  await a.page.keyboard.press('Control+z');
  for (const board of [a, b]) await untilEqual('both see it undone', () => colourOf(board), 'boardColour-sunset');

  const history = await b.openWindow('history');
  await untilEqual('the history has both changes', () => history.locator('.historyEntry', { hasText: 'Dusk' }).count(), 2);
  await b.page.goto('/');
  await b.page.locator('.tile.boardColour-sunset').waitFor();
});

story('the colour is chosen by keyboard, and chosen offline it is kept until the board is back', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  const a = await ana.openBoard(path);
  const win = await a.openWindow('colour');
  world.excuse(/ERR_INTERNET_DISCONNECTED/);
  await win.locator(':checked').focus();
  await ana.context.setOffline(true);
  await a.page.keyboard.press('ArrowRight');
  const chosen = await win.locator(':checked').inputValue();
  await untilEqual('it is shown at once', () => colourOf(a), `boardColour-${chosen}`);
  await ana.context.setOffline(false);
  await untilEqual('the server has it', async () => (await ana.snapshot(path)).project.colour, chosen);
});
