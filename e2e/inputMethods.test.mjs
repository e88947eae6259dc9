/** Who writes Japanese, Chinese or Korean composes a word first: Enter takes it, Escape drops it, both are not the page's. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';

// As browsers dispatch keys during a composition, and as Safari dispatches the one that ends it.
const composing = [{ isComposing: true, keyCode: 229 }, { isComposing: false, keyCode: 229 }];

/** Presses Enter, Escape and arrows in a field while a word is composed there. */
function pressWhileComposing(field) {
  return field.evaluate((node, kinds) => {
    for (const kind of kinds) {
      for (const key of ['Enter', 'Escape', 'ArrowDown', 'ArrowUp', 'Tab', ' ']) {
        for (const held of [{}, { ctrlKey: true }]) node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held, ...kind }));
      }
    }
  }, composing);
}

/** The field is still open, has the focus and the text. */
async function keepsItsText(field, text) {
  await field.fill(text);
  await pressWhileComposing(field);
  assert.deepEqual(await field.evaluate((node) => [node.value, node === document.activeElement, node.checkVisibility()]), [text, true, true]);
}

story('keys of an input method neither submit nor close nor clear a field', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('tokyo');
  await ana.fill(path, { 'To do': ['One'] });
  const board = await ana.openBoard(path);
  const { page } = board;

  const composer = page.locator('lists-composer');
  await composer.locator('[data-target="opener"]').click();
  await keepsItsText(composer.locator('[data-target="field"]'), '東京');
  await composer.locator('[data-target="field"]').press('Escape');

  await keepsItsText(await board.composer('To do'), 'にほん');
  await (await board.composer('To do')).press('Escape');

  await board.chooseFromListMenu('To do', 'edit');
  await keepsItsText(page.locator('lists-header [data-target="field"]'), 'やること');
  await page.locator('lists-header [data-target="field"]').press('Escape');

  const win = await board.openCard('One');
  const desc = win.locator('ui-inplace[data-target="desc"]');
  await desc.locator('[data-target="opener"]').click();
  await keepsItsText(desc.locator('textarea'), '説明');
  await desc.locator('textarea').press('Escape');
  await board.closeWindow();

  await page.keyboard.press('f');
  await keepsItsText(page.locator('board-filter [data-target="text"]'), 'いち');
  await page.locator('board-filter [data-target="text"]').press('Escape');
  await page.keyboard.press('/');
  await keepsItsText(page.locator('.paletteInput'), 'さがす');
  await page.keyboard.press('Escape');
  await board.shows([['To do', ['One']]]);
});
