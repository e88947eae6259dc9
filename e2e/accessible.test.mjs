/** axe finds nothing on any page, in both themes and languages; pictures of all of them stay in e2e/artifacts/screens. */
import path from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { openBoard } from './lib/board.js';

const looks = [
  { name: 'light-en-desktop', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-de-phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

const publicPages = ['/', '/login', '/signup', '/forgot-password', '/no/such/page', '/dev/components', '/privacy', '/imprint', '/help', '/contact', '/guide'];

const windows = ['details', 'colour', 'visibility', 'labels', 'owner', 'invite', 'people', 'delete', 'archive', 'trash', 'history', 'keys'];

for (const { name, ...look } of looks) {
  story(`pages are accessible (${name})`, async (world) => {
    world.excuse(/404/);
    const guest = await world.visitor('guest', look);
    const page = await guest.context.newPage();
    for (const address of publicPages) {
      await page.goto(address);
      await check(page, `${name}-${address.replaceAll('/', '_')}`);
    }
    const ana = await world.member('Ana', look);
    const empty = await ana.makeProject('empty');
    const full = await ana.makeProject('full');
    await ana.fill(full, { 'To do': ['One', 'Two'], Doing: ['Three'] });
    const ben = await world.member('Ben', look);
    const { inviteLink } = await ana.pageData(full);
    const invite = await ben.context.newPage();
    await invite.goto(new URL(inviteLink).pathname);
    await check(invite, `${name}-invite`);
    const tab = await ana.context.newPage();
    for (const address of ['/', '/notifications', '/new', '/Ana/projects?edit=1', '/Ana/friends', '/Ana/settings', '/Ana/settings?dialog=deleteAccount', '/Ana/settings/security', '/Ana/settings/security/second-factor', empty, full]) {
      await tab.goto(address);
      await check(tab, `${name}-ana-${address.replaceAll('/', '_')}`);
    }
    const board = await openBoard(tab);
    await tab.locator('.boardMenuButton').click();
    await check(tab, `${name}-menu`);
    await tab.keyboard.press('Escape');
    await board.chooseFromCardMenu('One', 'check');
    await board.chooseFromCardMenu('Three', 'check');
    await check(tab, `${name}-selection`);
    await board.page.locator('.selectionBar .btn').last().click();
    await board.chooseFromCardMenu('Two', 'archive');
    await board.chooseFromCardMenu('Three', 'delete');
    for (const win of windows) {
      await board.openWindow(win);
      await check(tab, `${name}-${win}`);
      await board.closeWindow();
    }
    const card = await board.openCard('One');
    await check(tab, `${name}-card`);
    const desc = card.locator('ui-inplace[data-target="desc"]');
    await desc.locator('[data-target="opener"]').click();
    await desc.locator('textarea').fill('# One\n### Two\n**b** `c` [l](https://example.org)\n\n- [ ] a\n- [x] b\n\n> q\n\n```\ncode\n```');
    await desc.locator('[data-target="previewer"]').click();
    await desc.locator('[data-target="preview"] .mdTask').first().waitFor();
    await check(tab, `${name}-card-preview`);
    await desc.locator('[data-target="saver"]').click();
    await desc.locator('[data-target="text"] .mdTask').first().waitFor();
    await check(tab, `${name}-card-markdown`);
    await board.closeWindow();
    await board.openList('To do');
    await check(tab, `${name}-list`);
  }, { demo: false });
}

// Once is enough: themes and languages are the pages' above.
story('menus, small windows and bars of a board are accessible while they are open', async (world) => {
  const ana = await world.member('Ana', looks[0]);
  const path = await ana.makeProject('full');
  await ana.fill(path, { 'To do': ['One', 'Two'], Doing: ['Three'] });
  const board = await ana.openBoard(path);
  const { page } = board;
  const press = (key) => async () => {
    await board.card('One').locator('.cardTitle').focus();
    await page.keyboard.press(key);
  };
  const click = (selector) => () => page.locator(selector).first().click();
  const cardMenu = (icon) => () => board.chooseFromCardMenu('One', icon);
  for (const [name, open, shown] of [
    ['account', click('.accountButton'), '#accountMenu:popover-open'],
    ['theme', click('.headerTheme [aria-haspopup]'), '#themeMenu:popover-open'],
    ['bell', click('home-bell a'), '.bellPanel'],
    ['palette', press('/'), '.palette[open]'],
    ['card-menu', click('.cardMenuButton'), '.menu:popover-open'],
    ['list-menu', click('.listMenuButton'), '.menu:popover-open'],
    ['members-of-card', press('m'), 'dialog:modal'],
    ['labels-of-card', press('l'), 'dialog:modal, [popover]:popover-open'],
    ['move-card', cardMenu('move'), 'dialog:modal'],
    ['composer', press('n'), '.composer:not([hidden])'],
    ['filter', press('f'), '.filterBox:not([hidden])'],
    ['message', press('c'), '.toast .toastAction'],
  ]) {
    await open();
    await page.locator(shown).first().waitFor();
    await check(page, `open-${name}`);
    await page.keyboard.press('Escape');
  }
});

async function check(page, name) {
  await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((animation) => animation.effect.getComputedTiming().endTime < Infinity);
    return Promise.all(ending.map((animation) => animation.finished.catch(() => {})));
  });
  await page.screenshot({ path: path.join(artifacts, 'screens', `${name}.png`) });
  await assertAccessible(page, { name });
}
