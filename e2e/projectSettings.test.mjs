/** The window of the project's settings: its tabs by mouse, keyboard and address, and what each person finds in it. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const tabsOf = (page) => page.locator('#w-settingsWin [role="tab"]').evaluateAll((tabs) => tabs.map(({ id }) => id.slice(4)));
const shownIn = (page) => page.locator('#w-settingsWin [role="tabpanel"]:visible').evaluateAll((panels) => panels.map(({ dataset }) => dataset.panel));
const hasFocus = (page, selector) => until(`${selector} has the focus`, () => page.evaluate((wanted) => document.activeElement.matches(wanted), selector));

story('the settings are one window of tabs, each with an address; arrow keys move among them', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party', 'In summer');
  const { page } = await ana.openBoard(path);
  const scripts = [];
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()));
  assert.equal(await page.locator('#w-settingsWin').count(), 0, 'the window is not in the page before it is wanted');

  await page.locator('.boardMenuButton').click();
  await page.locator('#boardMenu [value="open-settings"]').click();
  await page.locator('#w-settingsWin[open]').waitFor();
  assert.deepEqual((await tabsOf(page)).filter((tab) => !['labels', 'chat'].includes(tab)), ['details', 'colour', 'visibility', 'people', 'owner', 'delete']);
  assert.deepEqual(await shownIn(page), ['details']);
  assert.match(page.url(), /\?settings=details$/);

  await page.locator('#tab-details').focus();
  for (const [key, tab] of [['ArrowDown', 'colour'], ['ArrowRight', 'visibility'], ['End', 'delete'], ['ArrowDown', 'details'], ['ArrowUp', 'delete'], ['Home', 'details'], ['ArrowDown', 'colour']]) {
    await page.keyboard.press(key);
    await hasFocus(page, `#tab-${tab}[aria-selected="true"][tabindex="0"]`);
    assert.deepEqual(await shownIn(page), [tab], `${key} shows ${tab}`);
    assert.match(page.url(), new RegExp(`settings=${tab}$`));
  }
  assert.equal(await page.locator('[role="tab"][tabindex="0"]').count(), 1, 'the tabs are one stop of the Tab key');
  await page.keyboard.press('Tab');
  await hasFocus(page, '#w-colourWin [name="colour"]');

  await page.keyboard.press('Escape');
  await page.locator('#w-settingsWin').waitFor({ state: 'hidden' });
  await untilEqual('the address is that of the board', () => new URL(page.url()).search, '');

  await page.goto(`${path}?settings=people`);
  await page.locator('#w-peopleWin .person').waitFor();
  await page.goto(`${path}?settings=nonsense`);
  await page.locator('board-root[data-ready]').waitFor();
  assert.equal(await page.locator('#w-settingsWin[open]').count(), 0);
});

story('what was typed in a tab is there after a look at another one', async (world) => {
  const ana = await world.member('Ana');
  const board = await ana.openBoard(await ana.makeProject('party', 'In summer'));
  const details = await board.openWindow('details');
  await details.locator('[name="projectDesc"]').fill('In autumn');
  await board.page.locator('#tab-people').click();
  await board.page.locator('#w-peopleWin .person').waitFor();
  await board.page.locator('#tab-details').click();
  assert.equal(await details.locator('[name="projectDesc"]').inputValue(), 'In autumn');
});

story('a member who is not the owner finds members and labels in the settings, a visitor the members', async (world) => {
  const [ana, ben] = [await world.member('Ana'), await world.member('Ben')];
  const path = await ana.makeProject('party');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  const board = await ben.openBoard(path);
  await board.openWindow('people');
  assert.deepEqual((await tabsOf(board.page)).filter((tab) => tab !== 'labels'), ['people']);
  await board.page.keyboard.press('Escape');
  // An address does not show what only the owner may see.
  await board.page.goto(`${path}?settings=delete`);
  await board.isAwake();
  assert.equal(await board.page.locator('#w-settingsWin[open]').count(), 0);
  assert.equal(new URL(board.page.url()).search, '');
});
