/** Names and texts of every script: shown in their own direction, found in either form. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { untilEqual } from './lib/until.js';

story('Hebrew and Arabic run from right to left everywhere', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('rtl', 'תיאור');
  const list = 'רשימה 1';
  const card = 'כרטיס (a)';
  await ana.fill(path, { [list]: [card], Latin: ['One'] });
  const board = await ana.openBoard(path);
  const { page } = board;
  const isRightToLeft = async (what, locator) => assert.equal(await locator.evaluate((node) => node.matches(':dir(rtl)')), true, what);
  await isRightToLeft('card', board.card(card).locator('.cardTitle'));
  await isRightToLeft('list', board.list(list).locator('.listNameLink'));
  assert.equal(await board.card('One').locator('.cardTitle').evaluate((node) => node.matches(':dir(ltr)')), true);
  const field = await board.composer(list);
  await field.fill('عنوان');
  await isRightToLeft('composer', field);
  await field.press('Enter');
  await isRightToLeft('a card of the script', board.card('عنوان').locator('.cardTitle'));
  await field.press('Escape');
  await page.keyboard.press('f');
  await page.locator('board-filter [data-target="text"]').fill('כרטיס');
  await isRightToLeft('filter', page.locator('board-filter [data-target="text"]'));
  await page.locator('board-filter [data-target="text"]').press('Escape');
  const win = await board.openCard(card);
  await isRightToLeft('title of the window', win.locator('ui-inplace[data-target="name"] [data-target="text"]'));
  await isRightToLeft('list in the window', win.locator('.windowWhere [data-target="list"]'));
  const desc = win.locator('ui-inplace[data-target="desc"]');
  await desc.locator('[data-target="opener"]').click();
  await desc.locator('textarea').fill('שלום עולם');
  await isRightToLeft('field of the description', desc.locator('textarea'));
  await desc.locator('[data-target="saver"]').click();
  await untilEqual('it is saved', () => desc.locator('[data-target="text"]').textContent(), 'שלום עולם');
  await isRightToLeft('description', desc.locator('[data-target="text"]'));
});

story('a filter finds both Unicode forms and any case', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('forms');
  await ana.fill(path, { 'To do': ['Caf\u00e9', 'Straße', 'Tea'] });
  const board = await ana.openBoard(path);
  const filter = board.page.locator('board-filter [data-target="text"]');
  const seen = () => board.page.locator('li.card:not([hidden]) .cardTitle').allTextContents();
  await board.page.keyboard.press('f');
  for (const [typed, found] of [['CAFE\u0301', ['Caf\u00e9']], ['strasse', ['Straße']], ['t', ['Straße', 'Tea']]]) {
    await filter.fill(typed);
    await untilEqual(`"${typed}" finds ${found}`, seen, found);
  }
});
