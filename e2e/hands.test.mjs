/** What hands do on a board besides pressing keys: type and leave, drag the empty board, drop files, lose what they are on. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const isOnBody = (page) => page.evaluate(() => document.activeElement === document.body);

for (const [place, options] of [['desktop', {}], ['phone', phone]]) {
  story(`Escape keeps typed text as a draft (${place})`, async (world) => {
    const ana = await world.member('Ana', options);
    const path = await ana.makeProject('party');
    await ana.fill(path, { 'To do': ['One'] });
    const board = await ana.openBoard(path);
    const { page } = board;
    const { keyboard } = page;
    const win = await board.openCard('One');
    const desc = win.locator('ui-inplace[data-target="desc"]');
    await desc.locator('[data-target="empty"]').click();
    await keyboard.type('A long story');
    await keyboard.press('Escape');
    await desc.locator('[data-target="kept"]').waitFor();
    assert.equal(await desc.locator('textarea').isVisible(), false);
    assert.equal(await win.isVisible(), true, 'one Escape closes one thing');
    await keyboard.press('Escape');
    await win.waitFor({ state: 'hidden' });
    await page.reload();
    await board.isAwake();
    await board.openCard('One');
    await untilEqual('the draft is found again', () => desc.locator('textarea').inputValue(), 'A long story');
    await desc.locator('textarea').focus();
    await keyboard.press('Escape');
    await desc.locator('[data-target="kept"] button').first().click();
    await keyboard.press('Control+Enter');
    await untilEqual('it is saved', () => desc.locator('[data-target="text"]').textContent(), 'A long story');
    assert.equal(await desc.locator('[data-target="kept"]').isVisible(), false);

    await desc.locator('[data-target="text"]').click();
    await keyboard.type('!');
    await keyboard.press('Escape');
    await desc.locator('[data-target="kept"] button').last().click();
    assert.equal(await isOnBody(page), false);
    await desc.locator('[data-target="text"]').click();
    assert.equal(await desc.locator('textarea').inputValue(), 'A long story', 'what was discarded is gone');
    await keyboard.press('Escape');
    await win.locator('h2').click();
    await untilEqual('a click on the title edits it', () => win.locator('ui-inplace[data-target="name"] input').inputValue(), 'One');
    await keyboard.press('Escape');
    await keyboard.press('Escape');
    await win.waitFor({ state: 'hidden' });

    for (const [opener, field] of [['cards-composer', 'textarea'], ['lists-composer', 'input']]) {
      const composer = page.locator(opener);
      await composer.locator('[data-target="opener"]').click();
      await keyboard.type('half a thought');
      await keyboard.press('Escape');
      assert.equal(await composer.locator(field).isVisible(), false);
      await composer.locator('[data-target="kept"]').waitFor();
      assert.equal(await isOnBody(page), false);
      await composer.locator('[data-target="opener"]').click();
      assert.equal(await composer.locator(field).inputValue(), 'half a thought');
      await composer.locator(field).fill('');
      await keyboard.press('Escape');
      assert.equal(await composer.locator('[data-target="kept"]').isVisible(), false);
    }
    await board.shows([['To do', ['One']]]);
  });

  story(`the dialogs of lists and cards have addresses (${place})`, async (world) => {
    const ana = await world.member('Ana', options);
    const path = await ana.makeProject('party');
    await ana.fill(path, { 'To do': ['One'] });
    const { project } = await ana.snapshot(path);
    const [[listId, list]] = Object.entries(project.lists);
    const page = await ana.context.newPage();
    for (const [address, win, title] of [[`?list=${listId}`, '#w-listWin', 'To do'], [`?card=${Object.keys(list.cards)[0]}`, '#w-cardWin', 'One']]) {
      await page.goto(path + address);
      await page.locator(`${win}[open]`).waitFor();
      await untilEqual('it is the right one', () => page.locator(`${win} h2`).textContent(), title);
      await page.keyboard.press('Escape');
      await until('the address is that of the board', () => new URL(page.url()).search === '');
      await until('the focus is in the page', async () => !await isOnBody(page));
    }
  });
}

story('the focus moves to a neighbour when another member removes the focused element, and starts on a new board', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(path, { Ideas: ['Zero'], 'To do': ['One', 'Two'], Done: ['Three'] });
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  await a.card('One').locator('.cardTitle').focus();
  await b.chooseFromCardMenu('One', 'delete');
  await until('the neighbour has it', async () => (await a.focused()).includes('"Two"'));
  await b.chooseFromListMenu('To do', 'delete');
  await until('the next list has it', async () => (await a.focused()).includes('"Done"'));
  await a.list('Done').locator('.listMenuButton').focus();
  await b.chooseFromListMenu('Done', 'archive');
  await until('the list before has it', async () => (await a.focused()).includes('"Ideas"'));
  // A file's row in an open window, taken away by the other.
  const win = await a.openCard('Zero');
  await win.locator('input[type=file]').setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await win.locator('.fileRow a').focus();
  const other = await b.openCard('Zero');
  await other.locator('.fileRow button').click();
  await b.confirm();
  await win.locator('.fileRow').waitFor({ state: 'detached' });
  await until('something in the window has it', () => a.page.evaluate(() => document.querySelector('#w-cardWin').contains(document.activeElement)));

  const empty = await ana.openBoard(await ana.makeProject('empty'));
  await until('on an empty board the way to the first list has it', async () => (await empty.focused()).includes('composerOpen'));
});

story('Tab stops once at cards and lists; Home, End and Page keys move among cards', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  await ana.fill(path, { 'To do': Array.from({ length: 40 }, (_, i) => `Card ${i}`), Doing: ['Five'] });
  const board = await ana.openBoard(path);
  const { page } = board;
  await untilEqual('one stop', () => page.locator('[data-main][tabindex="0"]').count(), 1);
  assert.equal(await page.locator('[data-main]:not([tabindex])').count(), 0);
  await board.card('Card 3').locator('.cardTitle').focus();
  await untilEqual('the stop is where the focus is', () => page.locator('[data-main][tabindex="0"]').allTextContents(), ['Card 3']);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('[data-card-id]')), null, 'Tab leaves the cards');
  await page.keyboard.press('Shift+Tab');
  assert.match(await board.focused(), /"Card 3"/);
  await page.keyboard.press('End');
  assert.match(await board.focused(), /"Card 39"/);
  await page.keyboard.press('Home');
  assert.match(await board.focused(), /"Card 0"/);
  await page.keyboard.press('PageDown');
  const far = Number((await board.focused()).match(/Card (\d+)/)[1]);
  assert.ok(far > 4 && far < 39, `Page Down went to card ${far}`);
  await page.keyboard.press('PageUp');
  assert.match(await board.focused(), /"Card 0"/);
});

story('an empty board scrolls by drag and wheel; a file dropped beside its target does nothing', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  await ana.fill(path, Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`List ${i}`, ['One']])));
  const board = await ana.openBoard(path);
  const { page } = board;
  const left = () => page.locator('#boardScroller').evaluate((node) => node.scrollLeft);
  const box = await page.locator('#boardScroller').boundingBox();
  const spot = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  assert.equal(await left(), 0);
  await page.mouse.move(spot.x, spot.y);
  await page.mouse.wheel(0, 300);
  await untilEqual('the wheel turns sideways', left, 300);
  await page.mouse.down();
  await page.mouse.move(spot.x - 200, spot.y, { steps: 4 });
  await untilEqual('the hand takes the board along', left, 500);
  await page.mouse.up();
  await page.mouse.move(spot.x + 200, spot.y, { steps: 4 });
  assert.equal(await left(), 500, 'a released board stays');
  await board.shows(Array.from({ length: 8 }, (_, i) => [`List ${i}`, ['One']]));

  const drop = (selector, type) => page.evaluate(([where, name]) => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x.txt'));
    const event = new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: data });
    document.querySelector(where).dispatchEvent(event);
    return event.defaultPrevented;
  }, [selector, type]);
  for (const where of ['body', '#boardScroller', '.pageHeader']) {
    for (const type of ['dragover', 'drop']) assert.equal(await drop(where, type), true, `${type} on ${where} would leave the page`);
  }
});

story('undo works step by step and names what it undid', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  const start = { 'To do': ['One', 'Two', 'Three'], Doing: ['Four'] };
  await ana.fill(path, start);
  const board = await ana.openBoard(path);
  const { keyboard } = board.page;
  await board.card('One').locator('.cardTitle').focus();
  await keyboard.press('.');
  await board.shows([['To do', ['Two', 'Three']], ['Doing', ['Four', 'One']]]);
  await keyboard.press('<');
  await board.shows([['To do', ['One', 'Two', 'Three']], ['Doing', ['Four']]]);
  await keyboard.press('>');
  await board.shows([['To do', ['Two', 'Three']], ['Doing', ['One', 'Four']]]);
  await keyboard.press('c');
  await board.shows([['To do', ['Two', 'Three']], ['Doing', ['Four']]]);
  const steps = [[['Two', 'Three'], ['One', 'Four']], [['One', 'Two', 'Three'], ['Four']], [['Two', 'Three'], ['Four', 'One']], [['One', 'Two', 'Three'], ['Four']]];
  for (const [todo, doing] of steps) {
    await keyboard.press('Control+z');
    await board.shows([['To do', todo], ['Doing', doing]]);
    await board.toast('“One”').last().waitFor();
  }
  await keyboard.press('Control+z');
  await board.toast('Nothing to undo').waitFor();
  await board.equals(ana, path);
});

story('a chosen file has a styled field, forced colours show states, and animations can be paused', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  await ana.fill(path, { 'To do': ['One', 'Two'] });
  const board = await ana.openBoard(path);
  const win = await board.openCard('One');
  const field = win.locator('input[type=file]');
  await field.focus();
  await field.setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await win.locator('.fileRow a').waitFor();
  await field.focus();
  const { width, height } = await field.boundingBox();
  assert.ok(width <= 1 && height <= 1, `the field is ${width} × ${height}`);
  await board.closeWindow();

  await board.page.emulateMedia({ forcedColors: 'active' });
  await board.card('One').click({ modifiers: ['Control'] });
  const look = (name) => board.card(name).evaluate((node) => getComputedStyle(node).outlineStyle);
  assert.deepEqual([await look('One'), await look('Two')], ['solid', 'none']);
  const settings = await ana.context.newPage();
  await settings.emulateMedia({ forcedColors: 'active' });
  await settings.goto('/Ana/settings');
  const knob = (on) => settings.locator(`.switch${on ? ':checked' : ':not(:checked)'}`).first().evaluate((node) => getComputedStyle(node).backgroundColor);
  await settings.locator('.switch').first().waitFor();
  assert.notEqual(await knob(true), await knob(false), 'switches on and off look the same');

  const guest = await world.visitor('guest', { reducedMotion: 'no-preference' });
  const landing = await guest.context.newPage();
  await landing.goto('/');
  await landing.waitForFunction(() => !document.querySelector(':not(:defined)'));
  const running = () => landing.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
  assert.ok(await running() > 0);
  assert.equal(await landing.evaluate(() => document.getAnimations().every(({ effect }) => effect.getComputedTiming().endTime < Infinity)), true, 'all come to an end');
  await landing.locator('ui-motion button').click();
  // At once: some time later everything has ended by itself.
  const moving = await landing.evaluate(() => document.getAnimations().filter((one) => one instanceof CSSAnimation && one.playState === 'running').map(({ animationName }) => animationName));
  assert.deepEqual(moving, []);
  await untilEqual('nothing moves', running, 0);
  await landing.emulateMedia({ reducedMotion: 'reduce' });
  await landing.reload();
  await untilEqual('nothing moves for those who want it still', running, 0);
});

story('cards and boards keep their place under the pointer, at their edges too', async (world) => {
  const ana = await world.member('Ana', { reducedMotion: 'no-preference' });
  const path = await ana.makeProject('party');
  await ana.fill(path, { 'To do': ['One', 'Two'] });
  const { page, card } = await ana.openBoard(path).then((board) => ({ page: board.page, card: board.card('One') }));
  const home = await ana.context.newPage();
  await home.goto('/');
  for (const [on, thing] of [[page, card], [home, home.locator('.tile').first()]]) {
    await on.bringToFront();
    const { x, y, width, height } = await thing.boundingBox();
    for (const edge of [y + 1, y + height - 1]) {
      await on.mouse.move(x + width / 2, edge);
      await until('the pointer is on it', () => thing.evaluate((node) => node.matches(':hover')));
      const tops = await thing.evaluate(async (node) => {
        const seen = new Set();
        for (let frame = 0; frame < 30; frame += 1) {
          await new Promise(requestAnimationFrame);
          seen.add(node.getBoundingClientRect().top);
        }
        return [...seen];
      });
      assert.deepEqual(tops, [y]);
    }
  }
});
