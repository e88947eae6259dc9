/** Friends find each other on the start page, live. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { until } from './lib/until.js';

/** A person's notifications in a tab. */
async function openNotifications(person) {
  const page = await person.context.newPage();
  await page.goto('/notifications');
  await isAwake(page);
  return page;
}

/** A person's start page in a tab. */
async function openHome(person) {
  const page = await person.context.newPage();
  await page.goto('/');
  await isAwake(page);
  return page;
}

const isAwake = (page) => page.waitForFunction(() => !document.querySelector(':not(:defined)'));
const entry = (page, name) => page.locator('.feedEntry', { hasText: name });
const friend = (page, name) => page.locator('#friends .person', { hasText: name });
const sent = (page, name) => page.locator('#sentRequests .person', { hasText: name });
const gone = (locator) => locator.waitFor({ state: 'detached' });

async function ask(person, name) {
  const page = await person.context.newPage();
  await page.goto('/new-friend');
  await isAwake(page);
  await page.locator('[name=name]').fill(name);
  await page.locator('main button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.locator('.toast', { hasText: name.includes('@') ? /address/ : name }).waitFor();
  await page.close();
}

story('two people become friends and end it, without a reload', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const [anaHome, benHome, benNews] = [await openHome(ana), await openHome(ben), await openNotifications(ben)];
  await benNews.locator('#feedEmpty').waitFor();
  const other = await ben.context.newPage();
  await other.goto('/privacy');
  await isAwake(other);
  assert.equal(await other.locator('#notificationsCount').isVisible(), false);

  await ask(ana, 'ben');
  await sent(anaHome, 'Ben').waitFor();
  await entry(benNews, 'Ana').waitFor();
  await until('the bell says 1', async () => await other.locator('#notificationsCount').innerText() === '1\n1 new notification');

  await entry(benNews, 'Ana').locator('[name=decline]').click();
  await gone(entry(benNews, 'Ana'));
  await benNews.locator('#feedEmpty').waitFor();
  await other.locator('#notificationsCount').waitFor({ state: 'hidden' });
  await anaHome.reload();
  await isAwake(anaHome);
  assert.equal(await sent(anaHome, 'Ben').count(), 0);

  await ask(ana, 'ben@example.org');
  await entry(benNews, 'Ana').waitFor();
  await sent(anaHome, 'ben@example.org').locator('button').click();
  await gone(entry(benNews, 'Ana'));
  await gone(sent(anaHome, 'ben@example.org'));

  await ask(ana, 'ben');
  await entry(benNews, 'Ana').locator('[name=accept]').focus();
  await benNews.keyboard.press('Enter');
  await friend(benHome, 'Ana').waitFor();
  await friend(anaHome, 'Ben').waitFor();
  assert.equal(await sent(anaHome, 'Ben').count(), 0);
  assert.equal(await entry(benNews, 'Ana').count(), 0);
  assert.notEqual(await benNews.evaluate(() => document.activeElement.localName), 'body', 'the focus has not got lost');

  await friend(anaHome, 'Ben').locator('button').click();
  await anaHome.locator('dialog[open]', { hasText: 'Ben' }).locator('.dialogFoot button').last().click();
  assert.equal(await friend(anaHome, 'Ben').count(), 1);
  await friend(anaHome, 'Ben').locator('button').click();
  await anaHome.locator('dialog[open] .btn-danger').click();
  await gone(friend(anaHome, 'Ben'));
  await gone(friend(benHome, 'Ana'));
});

story('two requests that cross make friends; projects appear and disappear; a reconnect shows what was missed', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const [anaHome, benHome] = [await openHome(ana), await openHome(ben)];
  await ask(ana, 'Ben');
  await ask(ben, 'Ana');
  await friend(anaHome, 'Ben').waitFor();
  await friend(benHome, 'Ana').waitFor();

  const board = await ana.makeProject('shared');
  const { inviteLink } = await ana.pageData(board);
  await ben.join(inviteLink);
  await benHome.locator('#recentTiles .tile', { hasText: 'shared' }).waitFor();

  world.excuse(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  const cai = await world.member('Cai');
  await ben.context.setOffline(true);
  await ask(cai, 'Ben');
  await ben.context.setOffline(false);
  await benHome.locator('#notificationsCount:not([hidden])').waitFor();
  await benHome.locator('home-bell a').click();
  await entry(benHome, 'Cai').waitFor();
});

const looks = [
  { name: 'light-en-desktop', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-de-phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

for (const { name, ...look } of looks) {
  story(`the full start page is accessible (${name})`, async (world) => {
    const ana = await world.member('Ana', look);
    const [ben, cai] = [await world.member('Ben'), await world.member('Cai')];
    for (const [from, to] of [[ben, 'Ana'], [ana, 'Ben'], [cai, 'Ana'], [ana, 'someone@example.org']]) await from.post('/new-friend', { name: to });
    await ana.makeProject('garden');
    const page = await openHome(ana);
    await check(page, `${name}-home`);
    await page.locator('home-bell a').click();
    await entry(page, 'Cai').waitFor();
    await check(page, `${name}-bell`);
    await page.keyboard.press('Escape');
    await page.goto('/new-friend?name=nobody');
    await isAwake(page);
    await page.locator('main button[type=submit]').click();
    await page.locator('[aria-invalid=true]').waitFor();
    await check(page, `${name}-new-friend`);
  });
}

async function check(page, name) {
  await page.screenshot({ path: path.join(artifacts, 'screens', `friends-${name}.png`) });
  await assertAccessible(page, { name });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is wider than the window');
}
