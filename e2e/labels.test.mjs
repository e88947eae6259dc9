/** Labels: made, put on cards in every way, live at the other person's, filtered, undone, kept by trash and reload. */
import assert from 'node:assert/strict';
import { openBoard } from './lib/board.js';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

async function sharedBoard(world, options = {}) {
  const ana = await world.member('Ana', options);
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  const { inviteAsAdminLink } = await ana.pageData(path);
  await ben.join(inviteAsAdminLink);
  await ana.fill(path, { 'To do': ['One', 'Two', 'Three'], Doing: ['Four'] });
  return { ana, ben, path, a: await ana.openBoard(path), b: await ben.openBoard(path) };
}

/** The labels of cards as the board shows them: "One: Urgent; Two: Red". */
async function labelsOf({ page }) {
  const cards = await page.locator('.card:has(.labelChip)').evaluateAll((all) => all.map((card) => {
    const chips = [...card.querySelectorAll('.labelChip')].map((chip) => chip.textContent.replace(/\s*\(.*\)/, '').trim());
    return `${card.querySelector('.cardTitle').textContent}: ${chips.join(', ')}`;
  }));
  return cards.join('; ');
}

async function showsLabels(board, want) {
  let got = '';
  await until(`the labels "${want}"`, async () => (got = await labelsOf(board)) === want, () => got);
}

async function createLabels(board, ...names) {
  const dialog = await board.openWindow('labels');
  for (const name of names) {
    await dialog.locator('form .input').fill(name);
    await dialog.locator('form .input').press('Enter');
    await until('the label is made', () => dialog.locator('.labelRows .input').evaluateAll((all, wanted) => all.some(({ value }) => value === wanted), name));
  }
  return dialog;
}

story('labels are made, put on cards by menu, key, selection and composer, and seen at once by others', async (world) => {
  const { ana, path, a, b } = await sharedBoard(world);
  const dialog = await createLabels(a, 'Urgent', '', 'Later');
  await dialog.locator('[data-close].btn-primaryAction').click();

  await a.chooseFromCardMenu('One', 'label');
  const picker = a.page.locator('#w-pickLabelsWin');
  await picker.locator('label', { hasText: 'Urgent' }).click();
  await showsLabels(b, 'One: Urgent');
  await a.page.keyboard.press('2');
  await showsLabels(b, 'One: Urgent, Orange');
  await a.page.keyboard.press('Escape');

  await a.card('Two').locator('.cardTitle').focus();
  await a.page.keyboard.press('l');
  await picker.locator('input').first().waitFor();
  await a.page.keyboard.press('3');
  await a.page.keyboard.press('Escape');
  await showsLabels(b, 'One: Urgent, Orange; Two: Later');

  await a.card('Two').click({ modifiers: ['Control'] });
  await a.card('Three').click({ modifiers: ['Control'] });
  await a.selectionButton('label').click();
  await picker.locator('label', { hasText: 'Later' }).click();
  await a.page.keyboard.press('Escape');
  await showsLabels(b, 'One: Urgent, Orange; Two: Later; Three: Later');
  await a.page.keyboard.press('Escape');

  await a.addCards('Doing', 'Five #urgent #later', 'Six #nothing');
  await showsLabels(b, 'One: Urgent, Orange; Two: Later; Three: Later; Five: Urgent, Later');
  await b.card('Six #nothing').waitFor();
  await showsLabels(a, 'One: Urgent, Orange; Two: Later; Three: Later; Five: Urgent, Later');
  await a.equals(ana, path);
});

story('labels are undone, kept by trash, archive and reload, and survive a broken line', async (world) => {
  world.excuse(/ERR_INTERNET_DISCONNECTED/);
  const { ana, ben, path, a, b } = await sharedBoard(world);
  const dialog = await createLabels(a, 'Urgent', 'Later');
  await dialog.locator('[data-close].btn-primaryAction').click();
  await ana.context.setOffline(true);
  await a.card('One').locator('.cardTitle').focus();
  await a.page.keyboard.press('l');
  await a.page.locator('#w-pickLabelsWin label', { hasText: 'Urgent' }).click();
  await a.page.keyboard.press('Escape');
  await showsLabels(a, 'One: Urgent');
  assert.equal(await labelsOf(b), '');
  await ana.context.setOffline(false);
  await showsLabels(b, 'One: Urgent');

  await a.chooseFromCardMenu('One', 'delete');
  await showsLabels(b, '');
  await a.page.keyboard.press('Control+z');
  await showsLabels(b, 'One: Urgent');
  await a.chooseFromListMenu('To do', 'archive');
  await showsLabels(b, '');
  await a.page.keyboard.press('Control+z');
  await showsLabels(b, 'One: Urgent');

  await a.page.keyboard.press('Control+z');
  await showsLabels(b, '');
  await b.card('Two').locator('.cardTitle').focus();
  await b.page.keyboard.press('l');
  await b.page.locator('#w-pickLabelsWin label', { hasText: 'Later' }).click();
  await b.page.keyboard.press('Escape');
  await showsLabels(a, 'Two: Later');

  const labels = await a.openWindow('labels');
  const row = labels.locator('.labelRow').nth(1);
  await row.locator('.input').fill('Someday');
  await row.locator('.input').press('Tab');
  await showsLabels(b, 'Two: Someday');
  await row.locator('.icon-delete').click();
  await a.confirm();
  await showsLabels(b, '');
  await a.page.keyboard.press('Escape');
  await a.page.keyboard.press('Control+z');
  await showsLabels(b, 'Two: Someday');
  const again = await ben.openBoard(path, b.page);
  await showsLabels(again, 'Two: Someday');
});

story('cards are filtered by any or all of some labels, and the names can be hidden', async (world) => {
  const { a } = await sharedBoard(world);
  const dialog = await createLabels(a, 'Urgent', 'Later');
  await dialog.locator('[data-close].btn-primaryAction').click();
  await a.addCards('Doing', 'Five #urgent #later', 'Six #later');
  await showsLabels(a, 'Five: Urgent, Later; Six: Later');
  const visible = () => a.page.locator('.card:visible .cardTitle').allTextContents();
  await a.page.keyboard.press('Escape');
  await a.page.locator('.boardHead > [value="open-filter"]').click();
  const facet = a.page.locator('[data-facet="labels"]');
  await facet.getByText('Urgent').click();
  await until('only urgent cards are shown', async () => (await visible()).join() === 'Five');
  await facet.getByText('Later').click();
  await until('cards with both labels are shown', async () => (await visible()).join() === 'Five');
  await facet.locator('[data-any]').check();
  await until('cards with any of them are shown', async () => (await visible()).join() === 'Five,Six');
  await a.page.reload();
  await until('the filter is kept by the address', async () => (await visible()).join() === 'Five,Six');

  const name = a.page.locator('.card .labelName').first();
  await name.waitFor();
  await a.page.locator('.card .labelChips:visible').first().click();
  await name.waitFor({ state: 'hidden' });
  assert.equal(await a.page.locator('dialog[open]').count(), 0, 'a click on labels does not open the card');
  await a.page.reload();
  await name.waitFor({ state: 'hidden' });
  await a.chooseFromBoardMenu('toggle-label-names');
  await name.waitFor();
});

story('on a phone, in German, a label is made and put on a card in its window', async (world) => {
  const { a, b } = await sharedBoard(world, { locale: 'de-DE', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const dialog = await createLabels(a, 'Dringend');
  await dialog.locator('[data-close].btn-primaryAction').click();
  const card = await a.openCard('One');
  await card.locator('labels-card .btn').click();
  await a.page.locator('#w-pickLabelsWin label', { hasText: 'Dringend' }).click();
  await showsLabels(b, 'One: Dringend');
  await a.page.locator('#w-pickLabelsWin [data-close].btn-primaryAction').click();
  await card.locator('.labelChip', { hasText: 'Dringend' }).waitFor();
});

story('keys that are pressed while the picker loads are for the picker', async (world) => {
  const { ana, path, a, b } = await sharedBoard(world);
  await createLabels(a, 'Urgent');
  await a.closeWindow();
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  let isAsked = false;
  const page = await ana.context.newPage();
  await page.route(/\/board-later\.[A-Z0-9]+\.js$/, async (route) => {
    isAsked = true;
    await held;
    await route.continue();
  });
  const late = await openBoard(page, path);
  await late.card('One').locator('.cardTitle').focus();
  await page.keyboard.press('l');
  await until('the script of the picker is requested', () => isAsked);
  await page.keyboard.press('1');
  release();
  await showsLabels(late, 'One: Urgent');
  await showsLabels(b, 'One: Urgent');
});
