import { story } from './lib/story.js';

story('what the server refuses is taken back, with a message', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('picnic');
  await ana.fill(path, { 'To do': ['Bread'] });
  const board = await ana.openBoard(path);
  await board.keepMessages();
  const composer = board.page.locator('lists-composer');
  await composer.locator('[data-target="opener"]').click();
  const field = composer.locator('[data-target="field"]');
  // Past the browser's own check, so that only the server can refuse.
  await field.evaluate((input) => input.removeAttribute('maxlength'));
  await field.fill('x'.repeat(65));
  await field.press('Enter');
  await board.page.locator('.toast-danger').first().waitFor();
  await board.shows([['To do', ['Bread']]], 'the refused list is gone');
  await board.equals(ana, path);
});
