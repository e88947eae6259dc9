/** By a link to where it leads, without an account or without being logged in: it says what it is for, and leads back. */
import assert from 'node:assert/strict';
import { openBoard } from './lib/board.js';
import { password } from './lib/person.js';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

const WAITING = /\/verify-email\//;

story('an invitation says what it is for, before and after signing up, and no tab ends nowhere', async (world) => {
  world.excuse(/404/); // the waiting tab finds that its code is used up
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  const link = new URL((await ana.pageData(path)).inviteAsAdminLink).pathname;
  const ben = await world.visitor('Ben');
  const page = await ben.context.newPage();
  await page.goto(link);
  const greeting = page.locator('.greeting');
  for (const part of ['Ana', 'party']) assert.match(await greeting.textContent(), new RegExp(part));
  await page.locator('main a[href^="/signup"]').click();
  assert.match(await greeting.textContent(), /party/);
  await page.locator('[name=username]').fill('Ben');
  await page.locator('[name=useremail]').fill(ben.email);
  await page.locator('[name=password]').fill(password);
  await page.locator('[name=password_confirm]').fill(password);
  await page.locator('.formBox button[type=submit]').click();
  await page.waitForURL(WAITING);

  const { path: verify, code } = await ben.verification();
  const mail = await ben.context.newPage();
  await mail.goto(`${verify}?continue=${encodeURIComponent(link)}&code=${code}`);
  await mail.locator('.formBox button[type=submit]').first().click();
  await mail.waitForURL(`**${link}`);
  // Back in the first tab: it goes on by itself.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await page.waitForURL(`**${link}`);
  await page.locator('form[action^="/invite/"] button').click();
  await page.waitForURL(`**${path}`);
});

story('whoever is not logged in is led to a card by its link; an unknown and a private page look the same', async (world) => {
  world.excuse(/404/);
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  await ana.fill(path, { 'To do': ['One'] });
  const { project } = await ana.snapshot(path);
  const [id] = Object.keys(Object.values(project.lists)[0].cards);
  const guest = await world.visitor('Ana');
  const page = await guest.context.newPage();
  const seen = {};
  for (const address of ['/Ana/nothing', `${path}?card=${id}`]) {
    const answer = await page.goto(address);
    seen[address] = [answer.status(), await page.locator('main').innerText(), await page.title()];
  }
  assert.deepEqual(seen['/Ana/nothing'], seen[`${path}?card=${id}`]);
  await page.locator('main a[href^="/login"]').click();
  await page.locator('[name=username]').fill('Ana');
  await page.locator('[name=password]').fill(password);
  await page.locator('.formBox button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === path && url.search === `?card=${id}`);
  const board = await openBoard(page);
  await board.page.locator('#w-cardWin[open]').waitFor();
  await until('it is the card', async () => (await page.locator('#w-cardWin h2').textContent()) === 'One');
});
