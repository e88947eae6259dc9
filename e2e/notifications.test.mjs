/** Notifications at the bell: who is told of what, on all pages of a person, and where they lead. */
import assert from 'node:assert/strict';
import { assertAccessible } from './lib/axe.js';
import { openBoard } from './lib/board.js';
import { story } from './lib/story.js';
import { untilEqual } from './lib/until.js';

const isAwake = (page) => page.waitForFunction(() => !document.querySelector(':not(:defined)'));
const count = (page) => page.locator('#notificationsCount');
const entry = (page, text) => page.locator('.feedEntry', { hasText: text });

async function open(person, address) {
  const page = await person.context.newPage();
  await page.goto(address);
  await isAwake(page);
  return page;
}

/** Puts a member on cards of a board. */
async function assign(person, path, member, ...names) {
  const { project } = await person.snapshot(path);
  const id = Number(Object.keys(project.members).find((key) => project.members[key].name === member));
  await person.ask('join_project_room', project.id);
  const cards = Object.values(project.lists).flatMap((list) => Object.entries(list.cards));
  for (const name of names) {
    const [card] = cards.find(([, each]) => each.name === name);
    const answer = await person.ask('edit_card', {
      projectId: project.id, id: Number(card), name, cardDesc: '', newMembers: [id], removedMembers: [], newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [],
    });
    assert.ok(answer.ok, JSON.stringify(answer));
  }
}

story('who is added to a card is told on all pages, in German on a phone, and is led to the card', async (world) => {
  const ben = await world.member('Ben');
  const path = await ben.makeProject('garden');
  await ben.fill(path, { 'To do': ['Rasen', 'Hecke', 'Teich', 'Zaun', 'Beet', 'Weg'] });
  const ana = await world.member('Ana', { locale: 'de-DE', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await ana.join((await ben.pageData(path)).inviteAsAdminLink);
  const [list, other] = [await open(ana, '/notifications'), await open(ana, '/privacy')];
  await assign(ben, path, 'Ana', 'Rasen');
  await count(other).filter({ hasText: '1' }).waitFor();
  await entry(list, 'Ben hat dich zur Karte „Rasen“ in „garden“ hinzugefügt').waitFor();
  assert.equal(await list.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await assertAccessible(list);

  await entry(list, 'Rasen').getByRole('button').click();
  await list.locator('#earlierEntries .feedEntry', { hasText: 'Rasen' }).waitFor();
  await count(other).waitFor({ state: 'hidden' });

  await assign(ben, path, 'Ana', 'Hecke', 'Teich', 'Zaun', 'Beet', 'Weg');
  await count(other).filter({ hasText: '5' }).waitFor();
  await list.locator('.feedMore summary', { hasText: '4' }).click();
  await entry(list.locator('.feedMore'), 'Hecke').locator('.feedLink').click();
  await list.waitForURL(`**${path}?card=*`);
  await openBoard(list);
  await count(other).filter({ hasText: '4' }).waitFor();
  await other.goto('/notifications');
  await isAwake(other);
  await other.locator('#unreadEntries > .feedEntry > .feedRead').click();
  await untilEqual('a group is marked as one', () => other.locator('#unreadEntries').count(), 0);
});

story('a name is offered behind an @, and who is mentioned is told, by keyboard', async (world) => {
  const ben = await world.member('Ben');
  const path = await ben.makeProject('garden');
  await ben.fill(path, { 'To do': ['Lawn'] });
  const [ana, carl] = [await world.member('Ana'), await world.member('Carl')];
  for (const person of [ana, carl]) await person.join((await ben.pageData(path)).inviteAsAdminLink);
  const [anas, carls] = [await open(ana, '/notifications'), await open(carl, '/notifications')];
  const board = await ben.openBoard(path);
  const { page } = board;
  await board.openCard('Lawn');
  const desc = page.locator('cards-card [data-target=desc]');
  await desc.locator('[data-target=opener]').click();
  await page.keyboard.type('Seeds: ask @a');
  const offered = page.getByRole('listbox').getByRole('option');
  await offered.filter({ hasText: 'Ana' }).waitFor();
  assert.equal(await offered.count(), 1);
  await assertAccessible(page, { where: ['cards-card'] });
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  await page.keyboard.type('n');
  await page.keyboard.press('Enter');
  await page.keyboard.type('today');
  await untilEqual('the name is inserted', () => desc.locator('textarea').inputValue(), 'Seeds: ask @Ana today');
  await page.keyboard.press('Control+Enter');
  await entry(anas, 'Ben mentioned you on the card “Lawn” in “garden”').filter({ hasText: 'Seeds: ask @Ana today' }).waitFor();
  await assign(ben, path, 'Carl', 'Lawn');
  await entry(carls, 'Lawn').waitFor();
  assert.equal(await carls.locator('.feedEntry').count(), 1);
});

const looks = { 'en, desktop': { locale: 'en-GB', timezoneId: 'Europe/Berlin' }, 'de, phone': { locale: 'de-DE', timezoneId: 'Europe/Berlin', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } };
const words = {
  'en, desktop': { title: 'Notification settings', off: 'Off', wrong: 'Please fill in both times', saved: 'Saved', mentioned: 'Someone mentions you on a card' },
  'de, phone': { title: 'Einstellungen für Benachrichtigungen', off: 'Aus', wrong: 'Bitte gib beide Zeiten an', saved: 'Gespeichert', mentioned: 'Jemand erwähnt dich auf einer Karte' },
};

for (const [name, look] of Object.entries(looks)) {
  story(`what one is told is chosen on a page, which the bell leads to (${name})`, async (world) => {
    const word = words[name];
    const ben = await world.member('Ben');
    const path = await ben.makeProject('garden');
    await ben.fill(path, { 'To do': ['Lawn', 'Hedge'] });
    const ana = await world.member('Ana', look);
    await ana.join((await ben.pageData(path)).inviteAsAdminLink);
    const list = await open(ana, '/notifications');
    const page = await open(ana, '/privacy');
    await page.locator('home-bell a').first().click();
    await page.locator('.bellPanel').getByRole('link', { name: word.title }).click();
    await page.waitForURL('**/notifications/settings');
    await isAwake(page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page);
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.equal(await page.locator('[name=zone]').inputValue(), 'Europe/Berlin');
    await page.locator('select[name="kind.cards.assigned"]').selectOption({ label: word.off });
    await page.locator('[name=quietFrom]').fill('22:00');
    await page.locator('form.settings [type=submit]').click();
    await page.getByText(word.wrong).waitFor();
    await page.locator('[name=quietTo]').fill('07:00');
    await page.locator('form.settings [type=submit]').click();
    await page.getByText(word.saved).first().waitFor();
    await page.reload();
    assert.equal(await page.getByLabel(word.mentioned, { exact: true }).inputValue(), 'atOnce');
    assert.deepEqual(await page.locator('[name="kind.cards.assigned"], [name=quietFrom], [name=quietTo]').evaluateAll((all) => all.map(({ value }) => value)), ['off', '22:00', '07:00']);

    // What is off does not come; what follows does.
    await assign(ben, path, 'Ana', 'Lawn');
    await page.locator('select[name="kind.cards.assigned"]').selectOption('app');
    await page.locator('form.settings [type=submit]').click();
    await page.getByText(word.saved).first().waitFor();
    await assign(ben, path, 'Ana', 'Hedge');
    await entry(list, 'Hedge').waitFor();
    assert.equal(await list.locator('.feedEntry').count(), 1);
    const settings = await open(ana, '/Ana/settings');
    await settings.locator('a[href="/notifications/settings"]').click();
    await settings.waitForURL('**/notifications/settings');
  });
}
