/** From the landing page to the first board: what a newcomer does, in both languages. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { Board } from './lib/board.js';

const languages = [{ locale: 'en-GB', lang: 'en' }, { locale: 'de-DE', lang: 'de' }];

for (const { locale, lang } of languages) {
  story(`a newcomer signs up, verifies and makes a board (${lang})`, async (world) => {
    const ana = await world.visitor('Ana', { locale });
    const page = await ana.context.newPage();
    await page.goto('/');
    assert.equal(await page.locator('html').getAttribute('lang'), lang);
    await page.locator('header a[href^="/signup"]').click();
    await signUp(page);
    await page.waitForURL(/verify-email/);
    await page.locator('[name=code]').fill('AAAAAAAA');
    await page.locator('.formBox button[type=submit]').first().click();
    await page.locator('#f-code[aria-invalid=true]').waitFor();

    await page.goto('/dev/outbox');
    await page.locator('.outboxMail').first().click();
    const mail = page.frameLocator('.outboxHTML');
    const link = await mail.locator('a[href*="/verify-email/"]').first().getAttribute('href');
    await page.goto(link);
    await page.locator('.formBox button[type=submit]').first().click();
    await page.waitForURL((url) => url.pathname === '/');
    await page.locator('.empty a[href="/new"], .empty .btn-primaryAction').first().click();

    await page.locator('[name=name]').fill('a b');
    await page.locator('main button[type=submit]').last().click();
    await page.locator('#name[aria-invalid=true]').waitFor();
    await page.locator('[name=title]').fill('The first one');
    await page.locator('[name=name]').fill('first');
    await page.locator('[name=desc]').fill('What it is about');
    await page.locator('[name=lists]').uncheck();
    await page.locator('main button[type=submit]').last().click();
    await page.waitForURL('**/Ana/first');
    const board = new Board(page);
    await board.isAwake();
    await board.addLists('Eins');
    await board.addCards('Eins', 'Zwei');
    await board.shows([['Eins', ['Zwei']]]);
    await board.equals(ana, '/Ana/first');
    await page.reload();
    await board.shows([['Eins', ['Zwei']]]);
  });
}

/** Bad input first: messages are beside their fields, the first bad field has the focus, what was typed is kept. */
async function signUp(page) {
  await page.locator('[name=username]').fill('An');
  await page.locator('[name=useremail]').fill('nowhere');
  await page.locator('[name=password]').fill('short');
  await page.locator('.formBox button[type=submit]').click();
  for (const name of ['username', 'useremail', 'password']) {
    await page.locator(`#f-${name}[aria-invalid=true]`).waitFor();
    assert.notEqual(await page.locator(`#f-${name}-note`).textContent(), await page.locator(`#f-${name}-note`).getAttribute('data-hint'));
  }
  assert.equal(await page.evaluate(() => document.activeElement.name), 'username');
  assert.equal(await page.locator('[name=useremail]').inputValue(), 'nowhere');
  await page.locator('[name=username]').fill('Ana');
  await page.locator('[name=useremail]').fill('ana@example.org');
  await page.locator('[name=password]').fill('correct horse');
  await page.locator('[name=password_confirm]').fill('correct horse');
  await page.locator('.formBox button[type=submit]').click();
}

story('a wrong password is refused in place, the right one returns to the page before', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('home');
  const guest = await world.visitor('Ana');
  const page = await guest.context.newPage();
  await page.goto(`/login?continue=${encodeURIComponent(path)}`);
  await page.locator('[name=username]').fill('ana');
  await page.locator('[name=password]').fill('wrong horse');
  await page.locator('.formBox button[type=submit]').click();
  await page.locator('#f-password[aria-invalid=true]').waitFor();
  assert.equal(await page.locator('[name=username]').inputValue(), 'ana');
  await page.locator('[name=password]').fill('correct horse');
  await page.locator('.formBox button[type=submit]').click();
  await page.waitForURL(`**${path}`);
});
