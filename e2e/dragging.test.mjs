/** Drags that come to a bad end leave the board as it was. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';

const lists = [['To do', ['One', 'Two', 'Three']], ['Done', []]];

/** Presses on a card and carries it over the other list. */
async function startDrag(board, name) {
  const { mouse } = board.page;
  const from = await board.card(name).boundingBox();
  await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await mouse.down();
  await mouse.move(from.x + from.width / 2 + 20, from.y + from.height / 2, { steps: 3 });
  const to = await board.list('Done').locator('cards-composer').boundingBox();
  await mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 5 });
  await board.list('Done').locator('.cardPlaceholder').waitFor();
}

/** The drag is over, the board is as before, and the next release moves nothing. */
async function isCancelled(board) {
  await board.page.locator('.dragPreview').waitFor({ state: 'detached' });
  assert.equal(await board.page.locator('.cardPlaceholder, .dragSource').count(), 0);
  await board.page.mouse.up();
  await board.shows(lists);
}

story('a drag that ends outside the window, by a menu, or without a release is cancelled', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('removal');
  await ana.fill(path, Object.fromEntries(lists));
  const { rev } = await ana.snapshot(path);
  const board = await ana.openBoard(path);
  const { page } = board;

  await startDrag(board, 'One');
  await page.mouse.move(600, -30, { steps: 3 });
  await page.mouse.up();
  await isCancelled(board);

  // The release happened outside of the page: the pointer comes back with no button held.
  await startDrag(board, 'Two');
  await page.evaluate(() => dispatchEvent(new PointerEvent('pointermove', { pointerId: 1, pointerType: 'mouse', clientX: 300, clientY: 300, buttons: 0 })));
  await isCancelled(board);

  await startDrag(board, 'Three');
  await board.card('Three').and(page.locator('.dragSource')).evaluate((card) => card.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ctrlKey: true })));
  await page.locator('.menu:popover-open').waitFor();
  await page.keyboard.press('Escape');
  await isCancelled(board);

  // Nothing of all that was sent, and dragging still works.
  await board.dragCard('One', { toEndOf: 'Done' });
  await board.shows([['To do', ['Two', 'Three']], ['Done', ['One']]]);
  await board.equals(ana, path);
  assert.equal((await ana.snapshot(path)).rev, rev + 1);
});
