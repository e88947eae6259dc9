/** Drags that come to a bad end, keys that must do nothing, windows that must not throw away what was typed. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const LISTS = { 'To do': ['One', 'Two', 'Three'], Doing: ['Four'] };
const shown = Object.entries(LISTS);

async function boardOf(world, lists = LISTS) {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  await ana.fill(path, lists);
  return { ana, path, board: await ana.openBoard(path) };
}

const middle = async (locator) => {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
};

/** Picks something up with the mouse and carries it over something else. */
async function startDrag({ page }, what, over, place) {
  const [from, to] = [await middle(what), await middle(over)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 10, from.y + 4, { steps: 3 });
  await page.locator('.dragPreview').waitFor();
  await page.mouse.move(to.x + 30, to.y, { steps: 6 });
  await page.locator(place).waitFor();
}

story('Escape, leaving the window and a lost pointer cancel a drag', async (world) => {
  const { ana, path, board } = await boardOf(world);
  const { page } = board;
  const { rev } = await ana.snapshot(path);
  const ends = {
    Escape: () => page.keyboard.press('Escape'),
    'the window loses the focus': () => page.evaluate(() => window.dispatchEvent(new Event('blur'))),
    'the system takes the pointer': () => page.evaluate(() => window.dispatchEvent(new PointerEvent('pointercancel', { pointerId: 1, bubbles: true }))),
  };
  for (const [what, end] of Object.entries(ends)) {
    for (const [item, over, place] of [[board.card('One'), board.card('Four'), '.cardPlaceholder'], [board.list('To do').locator('.listCount'), board.list('Doing'), '.listPlaceholder']]) {
      await startDrag(board, item, over, place);
      await end();
      await page.locator('.dragPreview').waitFor({ state: 'detached' });
      await untilEqual(`nothing of the drag is left (${what})`, () => page.locator('.cardPlaceholder, .listPlaceholder, .dragSource, .dragActive').count(), 0);
      await page.mouse.up();
      await board.shows(shown, what);
    }
  }
  assert.equal((await ana.snapshot(path)).rev, rev, 'the server got no event');
  assert.equal(await page.locator('dialog:modal').count(), 0, 'no release was taken for a click');
});

story('a card is dropped between visible cards, not between filtered ones', async (world) => {
  const { ana, path, board } = await boardOf(world, { 'To do': ['apple 1', 'bread', 'apple 2'], Doing: ['apple 3'] });
  await board.page.keyboard.press('f');
  await board.page.keyboard.type('apple');
  await board.card('bread').waitFor({ state: 'hidden' });
  await board.dragCard('apple 3', { before: 'apple 2' });
  await board.shows([['To do', ['apple 1', 'apple 3', 'bread', 'apple 2']], ['Doing', []]]);
  await board.equals(ana, path);
});

story('a card that is not saved yet cannot be dragged, selected or moved', async (world) => {
  world.excuse(/ERR_INTERNET_DISCONNECTED|net::/);
  const { ana, path, board } = await boardOf(world);
  const { page } = board;
  await ana.context.setOffline(true);
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await page.locator('board-connection[data-state="lost"]').waitFor({ state: 'attached' });
  await board.addCards('Doing', 'New');
  const card = page.locator('.card-pending');
  await card.waitFor();
  await card.click({ modifiers: ['Control'] });
  await card.locator('.cardTitle').focus();
  for (const key of ['s', 'Space']) await page.keyboard.press(key);
  assert.equal(await page.locator('.card-selected, .pickedUp').count(), 0);
  const at = await middle(card);
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x - 200, at.y, { steps: 4 });
  assert.equal(await page.locator('.dragPreview').count(), 0);
  await page.mouse.up();
  await ana.context.setOffline(false);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await board.shows([['To do', LISTS['To do']], ['Doing', ['Four', 'New']]]);
  await board.equals(ana, path);
});

story('shortcuts are off behind an open dialog or menu, with a modifier, and while typing', async (world) => {
  const { ana, path, board } = await boardOf(world);
  const { page } = board;
  const { keyboard } = page;
  const letters = ['?', 'f', '/', 'q', 'x', 'n', 'l', 'e', 't', 'm', 's', 'c', ',', '.', '<', '>', 'w'];
  const isCalm = async (why) => {
    await board.shows(shown, why);
    assert.equal(await page.locator('.card-selected, .pickedUp, .composer:not([hidden]), .filterBox:not([hidden]), .memberPopup, .toast').count(), 0, why);
  };
  await board.openCard('Two');
  await page.locator('#w-cardWin .dialogClose').focus();
  for (const key of [...letters, 'Control+z', 'Alt+KeyP']) await keyboard.press(key);
  assert.deepEqual(await page.locator('dialog:modal').evaluateAll((nodes) => nodes.map(({ id }) => id)), ['w-cardWin']);
  assert.equal(await page.locator('.menu:popover-open').count(), 0);
  await keyboard.press('Escape');
  await isCalm('behind a window');

  await board.card('Two').hover();
  await board.card('Two').locator('.cardMenuButton').click();
  for (const key of ['f', 's', 'c', ',', '.']) await keyboard.press(key);
  await keyboard.press('Escape');
  await isCalm('behind a menu');

  await board.card('Two').locator('.cardTitle').focus();
  for (const key of ['c', 's', 'm', 'e', '.', 'x']) await keyboard.press(`Control+${key}`);
  await isCalm('with Ctrl');
  assert.equal(await page.locator('dialog:modal').count(), 0);

  const field = await board.composer('To do');
  await field.pressSequentially(letters.join(''));
  assert.equal(await field.inputValue(), letters.join(''));
  await field.fill('');
  await keyboard.press('Escape');
  await isCalm('while one types');
  await board.equals(ana, path);
});

story('a dialog with unsaved text asks before it closes', async (world) => {
  const { board } = await boardOf(world);
  const { page } = board;
  const field = page.locator('#friendName');
  const question = page.locator('dialog[role="alertdialog"]:modal');
  const ways = {
    Escape: () => page.keyboard.press('Escape'),
    'a click outside': () => page.mouse.click(5, 5),
  };
  for (const [what, leave] of Object.entries(ways)) {
    const win = await board.openWindow('invite');
    await leave();
    await win.waitFor({ state: 'hidden' });
    await board.openWindow('invite');
    await field.fill('Chl');
    await leave();
    await question.waitFor();
    await question.locator('.dialogFoot .btn').last().click();
    await question.waitFor({ state: 'detached' });
    assert.equal(await field.inputValue(), 'Chl', what);
    await leave();
    await question.locator('.dialogFoot .btn').first().click();
    await win.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement === document.body), false, what);
  }
  // The project's texts are kept instead.
  const details = await board.openWindow('details');
  await details.locator('[name="projectDesc"]').fill('half a thought');
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'hidden' });
  await board.openWindow('details');
  assert.equal(await details.locator('[name="projectDesc"]').inputValue(), 'half a thought');
});

story('arrows, Home, End and letters move in menus; Escape and Tab close them', async (world) => {
  const { board } = await boardOf(world);
  const { page } = board;
  const openers = [board.card('Two').locator('.cardMenuButton'), board.list('To do').locator('.listMenuButton'), page.locator('.boardMenuButton'), page.locator('.accountButton')];
  for (const opener of openers) {
    await board.card('Two').hover();
    await opener.click();
    const items = page.locator('.menu:popover-open [role^="menuitem"]:not([aria-disabled="true"])').filter({ visible: true });
    const has = (index, why) => until(why, () => items.nth(index).evaluate((node) => node === document.activeElement));
    const last = await items.count() - 1;
    await has(0, 'the first has the focus');
    for (const [key, index] of [['ArrowUp', last], ['ArrowDown', 0], ['ArrowDown', 1], ['ArrowUp', 0], ['End', last], ['Home', 0]]) {
      await page.keyboard.press(key);
      await has(index, `${key} leads to entry ${index}`);
    }
    const letter = (await items.nth(last).innerText()).trim()[0];
    await page.keyboard.press(letter);
    await until('a letter leads to an entry that begins with it', () => page.evaluate((first) => document.activeElement.textContent.trim()[0] === first, letter));
    assert.equal(await opener.getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('Escape');
    await untilEqual('it is closed', () => page.locator('.menu:popover-open').count(), 0);
    await until('the opener has the focus', () => opener.evaluate((node) => node === document.activeElement));
    await untilEqual('and says so', () => opener.getAttribute('aria-expanded'), 'false');
    await opener.click();
    await items.first().waitFor();
    await page.keyboard.press('Tab');
    await untilEqual('Tab closes it, too', () => page.locator('.menu:popover-open').count(), 0);
  }
});

story('a keyboard drag is cancelled by Escape and by losing focus, and dropped by Enter', async (world) => {
  const { ana, path, board } = await boardOf(world);
  const { page } = board;
  const { keyboard } = page;
  const pickUp = async () => {
    await board.card('One').locator('.cardTitle').focus();
    await keyboard.press('Space');
    await page.locator('.card.pickedUp').waitFor();
    await keyboard.press('ArrowRight');
    await board.shows([['To do', ['Two', 'Three']], ['Doing', ['One', 'Four']]]);
  };
  await pickUp();
  await keyboard.press('Escape');
  await board.shows(shown);
  assert.match(await board.focused(), /"One"/);
  await pickUp();
  await page.locator('.boardMenuButton').focus();
  await board.shows(shown);
  await pickUp();
  await keyboard.press('Enter');
  await until('it lies there', async () => await page.locator('.pickedUp').count() === 0);
  await board.shows([['To do', ['Two', 'Three']], ['Doing', ['One', 'Four']]]);
  await board.equals(ana, path);
});
