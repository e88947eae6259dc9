/** Administrators of the site: the first one by the token of the start, then a person is suspended, and the log says so. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { password } from './lib/person.js';
import { until } from './lib/until.js';

const looks = [
  { name: 'light-en-desktop', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-de-phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

async function check(page, name) {
  await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
  await assertAccessible(page, { name });
  const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(width, 0, `${name} is wider than the window`);
  await mkdir(path.join(artifacts, 'screens'), { recursive: true });
  await page.screenshot({ path: path.join(artifacts, 'screens', `admin-${name}.png`), fullPage: true });
}

async function confirmed(page, address) {
  await page.goto(address);
  await page.locator('[name=password]').fill(password);
  await page.locator('.formBox button[type=submit]').click();
  await page.waitForURL(`**${address}`);
}

for (const { name, ...look } of looks) {
  story(`an administrator suspends a person (${name})`, async (world) => {
    world.excuse(/400|401|403|404/);
    const ana = await world.member('Ana', look);
    const ben = await world.member('Ben', look);
    const board = await ben.makeProject('hushhush');
    const open = await ben.openBoard(board);
    const page = await ana.context.newPage();
    assert.equal((await page.goto('/admin')).status(), 404, 'no administrator yet');

    await page.goto('/admin/claim');
    await check(page, `${name}-claim`);
    await page.locator('[name=claim]').fill('wrong');
    await page.locator('.formBox button[type=submit]').click();
    await page.locator('#f-claim[aria-invalid=true]').waitFor();
    await page.locator('[name=claim]').fill(world.server.out.match(/once: ([0-9a-f]{32})/)[1]);
    await page.locator('.formBox button[type=submit]').click();
    await page.waitForURL('**/admin/confirm**');
    await check(page, `${name}-confirm`);
    await page.locator('[name=password]').fill('wrong horse');
    await page.locator('.formBox button[type=submit]').click();
    await page.locator('#f-password[aria-invalid=true]').waitFor();
    await confirmed(page, '/admin');
    await check(page, `${name}-overview`);

    await page.locator('.adminTabs a[href="/admin/people"]').click();
    await page.locator('#f-q').fill('ben');
    await page.locator('.adminFilter button').click();
    await page.waitForURL(/q=ben/);
    await check(page, `${name}-people`);
    assert.equal(await page.locator('.adminTable tbody tr').count(), 1);
    await page.locator('.adminTable tbody a').click();
    await page.locator('.adminFacts').waitFor();
    await check(page, `${name}-person`);
    await page.locator('.adminActs a[href$="/delete"]').click();
    await page.locator('.adminList-marked').waitFor();
    await check(page, `${name}-delete`);
    await page.goBack();
    await page.locator('.adminActs a[href$="/suspend"]').click();
    await page.locator('[name=days]').selectOption('7');
    await page.locator('[name=reason]').fill('Spam');
    await page.locator('[name=password]').fill(password);
    await check(page, `${name}-suspend`);
    await page.locator('form .btn-danger').click();
    await page.waitForURL(/\/admin\/people\/\d+$/);
    await open.page.locator('dialog[data-target="ended"]').waitFor();
    await until('Ben cannot log in', async () => {
      const answer = await ben.context.request.post('/login', { form: { username: 'Ben', password } });
      return answer.status() === 403 && (await answer.text()).includes('Spam');
    });

    await page.locator('.adminTabs a[href="/admin/audit"]').click();
    await page.locator('.adminTable tbody tr').first().waitFor();
    await check(page, `${name}-audit`);
    assert.match(await page.locator('.adminTable tbody tr').first().textContent(), /Ben.*Ana.*Spam/s);
    for (const [address, what] of [['/admin/projects', 'projects'], ['/admin/live', 'live'], ['/admin/files', 'files'], ['/admin/mails', 'mails'], ['/admin/jobs', 'jobs'], ['/admin/health', 'health'], ['/admin/settings', 'settings'], ['/admin/limits', 'limits']]) {
      await page.locator(`.adminTabs a[href="${address}"]`).click();
      await page.locator('.adminTable tbody tr, main p').first().waitFor({ state: 'attached' });
      await check(page, `${name}-${what}`);
    }
    await page.goto('/admin/mails');
    await page.locator('form:has([name=preview]) button').click();
    await page.waitForURL(/preview=/);
    await check(page, `${name}-mailPreview`);
    await page.goto('/admin/health');
    const tab = await page.locator('.adminTabs [aria-current]').boundingBox();
    assert.ok(tab.x >= 0 && tab.x + tab.width <= look.viewport.width, `the current tab is in sight: ${tab.x} of ${look.viewport.width}`);
    await page.goto('/admin/projects');
    await page.locator('.adminTable tbody a').first().click();
    await page.locator('.adminFacts').waitFor();
    assert.ok(!(await page.locator('main').textContent()).includes('hushhush'), 'the title of a private project');
    await check(page, `${name}-project`);
    await page.goto('/');
    await page.locator('.accountButton').click();
    await page.locator('#accountMenu a[href="/admin"]').click();
    await page.waitForURL('**/admin');
  });
}

story('the pages of administrators work without scripts', async (world) => {
  world.excuse(/404/);
  const ana = await world.member('Ana', { javaScriptEnabled: false });
  await ana.post('/admin/claim', { claim: world.server.out.match(/once: ([0-9a-f]{32})/)[1] });
  const page = await ana.context.newPage();
  await confirmed(page, '/admin/people');
  await page.locator('.adminTable tbody a').click();
  await page.locator('.adminActs a[href$="/endLogins"]').click();
  await page.locator('main form button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
  assert.equal((await page.goto('/admin')).status(), 404, 'the own login has ended, too');
});

for (const { name, ...look } of looks) {
  story(`an administrator announces something and looks after jobs (${name})`, async (world) => {
    world.excuse(/400|403|503/);
    const ana = await world.member('Ana', look);
    const ben = await world.member('Ben', { ...look, locale: 'de-DE' });
    const board = await ben.makeProject('work');
    const open = await ben.openBoard(board);
    await ana.post('/admin/claim', { claim: world.server.out.match(/once: ([0-9a-f]{32})/)[1] });
    const page = await ana.context.newPage();

    // A wrong value, then an announcement, which appears on an open board.
    await confirmed(page, '/admin/settings?name=auth.mailDomains');
    await page.locator('#f-value').fill('not a domain');
    await page.locator('form .btn-primaryAction').click();
    await page.locator('#f-value[aria-invalid=true]').waitFor();
    assert.equal(await page.locator('#f-value').inputValue(), 'not a domain');
    await check(page, `${name}-wrongSetting`);
    await page.goto('/admin/settings');
    await page.locator('a[href$="name=admin.announcement.de"]').click();
    await page.locator('#f-value').fill('Heute Abend ab 20 Uhr: neue Fassung');
    await page.locator('#f-reason').fill('Update');
    await page.locator('form .btn-primaryAction').click();
    await page.waitForURL('**/admin/settings');
    await open.page.locator('.siteBanners', { hasText: 'Heute Abend' }).waitFor();
    await check(open.page, `${name}-announced`);
    await page.goto('/admin/settings?name=admin.announcement.de');
    await check(page, `${name}-setting`);

    // Read-only: Ben is told, and what he does is undone.
    await page.goto('/admin/settings?name=admin.maintenance');
    await page.locator('#f-value').selectOption('on');
    await page.locator('form .btn-primaryAction').click();
    await open.page.locator('.siteBanners .notice-warning').waitFor();
    await check(open.page, `${name}-maintenance`);
    await page.goto('/admin/settings?name=admin.maintenance');
    await page.locator('form', { has: page.locator('input[type=hidden][value=off]') }).first().locator('button').click();
    await open.page.locator('.siteBanners .notice-warning').waitFor({ state: 'detached' });

    // A job runs when it is asked for.
    await page.goto('/admin/jobs');
    const row = page.locator('tr', { hasText: 'labels: delete old labels' });
    const before = await row.textContent();
    await row.locator('button').click();
    await page.waitForURL('**/admin/jobs');
    await until('the job has run', async () => {
      await page.reload();
      const now = await row.textContent();
      return now !== before && !/Within seconds|In wenigen/.test(now) && await page.locator('tr', { hasText: 'labels: delete old labels' }).locator('time').count() === 1;
    });
    await check(page, `${name}-jobs`);
  });
}
