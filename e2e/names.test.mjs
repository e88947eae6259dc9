/** Names as people write them: titles of projects, display names of people, long titles of cards. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const pathOf = (page) => decodeURIComponent(new URL(page.url()).pathname);

/** Submits a form with a page as its answer. */
async function submit(page) {
  await Promise.all([page.waitForNavigation(), page.locator('.panel [type="submit"]').click()]);
}

story('a project is made with a title as people write it, and its address comes by itself', async (world) => {
  world.excuse(/status of 400/); // what only the server refuses: a title that cannot be seen
  const ana = await world.member('Ana', { locale: 'de-DE' });
  const page = await ana.context.newPage();
  await page.goto('/new');
  const [title, address] = [page.locator('#title'), page.locator('#name')];
  await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
  assert.equal(await title.evaluate((field) => field === document.activeElement), true, 'the title has the focus');
  await page.keyboard.type('Größere Pläne 🚀');
  await untilEqual('the address is made while it is typed', () => address.inputValue(), 'groessere-plaene');
  await title.fill('Kurz');
  await untilEqual('and made anew', () => address.inputValue(), 'kurz');
  await address.fill('eigene-adresse');
  await title.fill('Größere Pläne 🚀');
  assert.equal(await address.inputValue(), 'eigene-adresse', 'a typed address stays');
  await submit(page);
  assert.equal(pathOf(page), '/Ana/eigene-adresse');
  await untilEqual('the board is called by its title', () => page.locator('.boardName').textContent(), 'Größere Pläne 🚀');
  assert.match(await page.title(), /Größere Pläne 🚀/);

  // A second one of the same title: a free address is offered.
  for (const wanted of ['/Ana/plan', '/Ana/plan-2']) {
    await page.goto('/new');
    await title.fill('Plan');
    await untilEqual('the address', () => address.inputValue(), 'plan');
    await submit(page);
    if (wanted === '/Ana/plan-2') {
      await page.locator('#name[aria-invalid="true"]').waitFor();
      assert.equal(await address.inputValue(), 'plan-2');
      assert.equal(await title.inputValue(), 'Plan');
      await submit(page);
    }
    assert.equal(pathOf(page), wanted);
  }

  // Titles that cannot be: said at the field, nothing is made.
  await page.goto('/new');
  await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
  for (const bad of ['', 'x'.repeat(65), '\u200b\u3164']) {
    await title.fill(bad);
    await page.locator('.panel [type="submit"]').click();
    await page.locator('#title[aria-invalid="true"]').waitFor();
    assert.equal(pathOf(page), '/new');
  }
  await page.goto('/');
  const tiles = (await page.locator('main').textContent());
  for (const shown of ['Größere Pläne 🚀', 'Plan']) assert.ok(tiles.includes(shown), `${shown} on the start page`);

  // Without a script the server makes the address.
  const plain = await world.visitor('Ana', { javaScriptEnabled: false });
  await plain.logIn();
  const form = await plain.context.newPage();
  await form.goto('/new');
  await form.locator('#title').fill('שלום');
  await form.locator('.panel [type="submit"]').click();
  await form.waitForURL('**/Ana/board');
  assert.equal(await form.locator('.boardName').textContent(), 'שלום');
});

story('a new title is on the pages of all members at once; links stay; the history tells it', async (world) => {
  const [ana, ben] = [await world.member('Ana'), await world.member('Ben')];
  const path = await ana.makeProject('website');
  await ben.join((await ana.pageData(path)).inviteLink);
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  const home = await ben.context.newPage();
  await home.goto('/');
  await home.waitForFunction(() => !document.querySelector(':not(:defined)'));
  const hostile = '<img src=x onerror=alert(1)>"\'&amp;';
  for (const title of ['Website Relaunch 🚀', hostile, 'שלום عالم', 'Cafe\u0301']) {
    const win = await a.openWindow('details');
    await win.locator('[name="title"]').fill(title);
    await win.locator('[type="submit"]').click();
    await win.waitFor({ state: 'hidden' });
    for (const board of [a, b]) {
      await untilEqual('the head has the title', () => board.page.locator('.boardName').textContent(), title);
      assert.ok((await board.page.title()).includes(title), await board.page.title());
      assert.equal(new URL(board.page.url()).pathname, path, 'the address stays');
    }
    await until('the start page has it', async () => (await home.locator('main').textContent()).includes(title));
  }
  const history = await b.openWindow('history');
  await until('the history has the titles', async () => {
    const text = await history.textContent();
    return text.includes('Website Relaunch 🚀') && text.includes(hostile) && text.includes('Ana');
  });
  assert.equal(await b.page.locator('img[src="x"]').count(), 0);
});

story('a display name is on every open page at once, with the user name where it matters', async (world) => {
  world.excuse(/status of 422/); // what the profile refuses
  const [ana, ben] = [await world.member('Ana'), await world.member('Ben')];
  const path = await ana.makeProject('board');
  const { inviteLink } = await ana.pageData(path);
  await ben.join(inviteLink);
  for (const [from, to] of [[ana, ben], [ben, ana]]) await from.post('/new-friend', { name: to.name });
  const b = await ben.openBoard(path);
  const home = await ben.context.newPage();
  await home.goto('/');
  const other = await ana.context.newPage();
  await other.goto('/new');
  for (const page of [home, other]) await page.waitForFunction(() => !document.querySelector(':not(:defined)'));

  const page = await ana.context.newPage();
  await page.goto('/Ana');
  await page.locator('.profileEdit').click();
  const field = page.locator('#newDisplayName');
  for (const bad of ['ä'.repeat(65), '\u200b\u3164']) {
    await field.fill(bad);
    await page.locator('.profileForm [type="submit"]').click();
    await page.locator('#newDisplayName[aria-invalid="true"]').waitFor();
    await page.locator('#newDisplayName-note.fieldNote-error').waitFor();
  }
  const shown = 'Ana María <b>🌻</b>';
  await field.fill(`\u202e${shown}\u2066`);
  await page.locator('.profileForm [type="submit"]').click();
  await untilEqual('the profile', () => page.locator('.profileName').textContent(), shown);
  assert.equal(await page.locator('.profileHandle').textContent(), '@Ana');

  await until('the faces of the board', async () => await b.page.locator(`[title="${shown}"]`).count() > 0);
  const win = await b.openWindow('people');
  const row = win.locator('.person', { hasText: shown });
  assert.match(await row.textContent(), /@Ana/, 'the user name says who it is');
  await b.page.locator('#w-settingsWin .dialogClose').click();
  await untilEqual('the friend on the start page', () => home.locator('#friends .personName').textContent(), shown);
  await untilEqual('the owner of the board there', () => home.locator('.tileOwner .oneLine').textContent(), shown);
  await untilEqual('the own menu in another tab', () => other.locator('#accountMenu [data-own-name]').textContent(), shown);

  // A person who takes another's name is told apart by the user name.
  const eve = await world.member('Eve');
  assert.equal((await eve.post('/Eve', { submit: 'editProfile', newProfileDesc: '', newDisplayName: shown })).status(), 200);
  await eve.join(inviteLink);
  const people = await b.openWindow('people');
  await until('both are there', async () => await people.locator('.person', { hasText: shown }).count() === 2);
  assert.equal(await people.locator('.person', { hasText: '@Eve' }).count(), 1);
  const answer = await world.visitor('Fay').then((fay) => fay.signUp().then(() => fay.context.request.get(new URL(inviteLink).pathname)));
  const text = await answer.text();
  assert.match(text, /Ana María &lt;b&gt;/);
  assert.match(text, /@Ana/);
});

story('a card keeps a title of 256 characters for both, and says so when one is longer', async (world) => {
  const [ana, ben] = [await world.member('Ana'), await world.member('Ben')];
  const path = await ana.makeProject('board');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(path, { 'To do': ['Short'] });
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  const long = `${'word '.repeat(40)}${'🦊'.repeat(56)}`;
  const field = await a.composer('To do');
  await field.fill(long);
  await field.press('Enter');
  for (const board of [a, b]) await board.shows([['To do', ['Short', long]]]);
  const win = await b.openCard(long);
  await win.locator('ui-inplace[data-target="name"] [data-target="opener"]').click();
  const name = win.locator('ui-inplace[data-target="name"] [data-target="field"]');
  assert.equal(await name.inputValue(), long);
  await name.fill(`${long}x`);
  await name.press('Enter');
  await win.locator('ui-inplace[data-target="name"] [data-target="problem"]:not([hidden])').waitFor();
  await name.fill(`${long.slice(0, -2)}x`);
  await name.press('Enter');
  await b.closeWindow();
  for (const board of [a, b]) await board.shows([['To do', ['Short', `${long.slice(0, -2)}x`]]]);
  await a.page.reload();
  await a.isAwake();
  await a.shows([['To do', ['Short', `${long.slice(0, -2)}x`]]], 'after a reload');
});
