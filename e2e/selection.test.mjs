/** Several cards at once: selected by mouse, keyboard and menu, moved as one block, and all screens end with the same order. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

/** Ana's board with the given lists, and Ben who may change it. */
async function sharedBoard(world, lists) {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  const { inviteAsAdminLink } = await ana.pageData(path);
  await ben.join(inviteAsAdminLink);
  await ana.fill(path, lists);
  return { ana, ben, path, a: await ana.openBoard(path), b: await ben.openBoard(path) };
}

story('a selection is dragged as one block, and undone as one', async (world) => {
  const { ana, ben, path, a, b } = await sharedBoard(world, { 'To do': ['One', 'Two', 'Three', 'Four'], Doing: ['Five', 'Six'] });
  await a.card('Two').click({ modifiers: ['Control'] });
  await a.card('Four').click({ modifiers: ['Shift'] });
  await a.card('Three').click({ modifiers: ['Control'] });
  await a.card('Five').click({ modifiers: ['Control'] });
  await a.selects('Two', 'Four', 'Five');
  assert.equal(await a.page.locator('.dragPreview').count(), 0);
  await a.dragCard('Four', { before: 'Six' });
  // By their old places, as the contract says: Five was first in its list.
  await b.shows([['To do', ['One', 'Three']], ['Doing', ['Five', 'Two', 'Four', 'Six']]]);
  await a.selects();
  await a.equals(ana, path);
  await b.equals(ben, path);
  await a.page.keyboard.press('Control+z');
  await b.shows([['To do', ['One', 'Two', 'Three', 'Four']], ['Doing', ['Five', 'Six']]]);
  await a.equals(ana, path);
  await b.equals(ben, path);
});

story('cards that another member removes leave the selection, cards they change stay in it', async (world) => {
  const { ana, path, a, b } = await sharedBoard(world, { 'To do': ['One', 'Two', 'Three', 'Four'], Doing: [] });
  for (const name of ['One', 'Two', 'Three']) await a.card(name).click({ modifiers: ['Control'] });
  await b.chooseFromCardMenu('Two', 'delete');
  await a.selects('One', 'Three');
  await b.dragCard('Three', { toEndOf: 'Doing' });
  await a.shows([['To do', ['One', 'Four']], ['Doing', ['Three']]]);
  await a.selects('One', 'Three');
  await a.keepMessages();
  await a.selectionButton('archive').click();
  await b.shows([['To do', ['Four']], ['Doing', []]]);
  await until('the neighbour has the focus', async () => (await a.focused()).includes('"Four"'));
  await a.page.locator('.toast .toastAction').click();
  await b.shows([['To do', ['One', 'Four']], ['Doing', ['Three']]]);
  await a.equals(ana, path);
});

story('by keyboard alone: select, move, assign members, delete, undo', async (world) => {
  const { ana, ben, path, a, b } = await sharedBoard(world, { 'To do': ['One', 'Two', 'Three', 'Four'], Doing: ['Five'], Done: [] });
  const { keyboard } = a.page;
  await keyboard.press('ArrowDown');
  assert.match(await a.focused(), /"One"/);
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+ArrowUp');
  await a.selects('One', 'Two');
  assert.match(await a.focused(), /"Two"/);
  assert.match(await a.page.locator('[data-target="announcer"]').textContent(), /Two.*2/);

  await keyboard.press('Space');
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowDown');
  await keyboard.press('Space');
  await b.shows([['To do', ['Three', 'Four']], ['Doing', ['Five', 'One', 'Two']], ['Done', []]]);
  await a.selects();
  assert.match(await a.focused(), /"Two"/);

  await keyboard.press('Control+Space');
  await keyboard.press('ArrowUp');
  await keyboard.press('s');
  await a.selects('One', 'Two');
  await keyboard.press('>');
  await b.shows([['To do', ['Three', 'Four']], ['Doing', ['Five']], ['Done', ['One', 'Two']]]);
  await keyboard.press('m');
  await a.page.locator('dialog:modal input[type=checkbox]').first().waitFor();
  await keyboard.press('Tab');
  await a.page.locator('dialog:modal .memberChoice', { hasText: 'Ben' }).locator('input').press('Space');
  await a.page.locator('dialog:modal .dialogFoot .btn').first().press('Enter');
  await until('Ben is on both cards', async () => await b.list('Done').locator('.cardMembers .avatar').count() === 2);

  await a.card('One').locator('.cardTitle').focus();
  await keyboard.press('Control+Space');
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Escape');
  await a.selects();
  await keyboard.press('Shift+ArrowUp');
  await keyboard.press('c');
  await b.shows([['To do', ['Three', 'Four']], ['Doing', ['Five']], ['Done', []]]);
  await keyboard.press('Control+z');
  await b.shows([['To do', ['Three', 'Four']], ['Doing', ['Five']], ['Done', ['One', 'Two']]]);
  await a.equals(ana, path);
  await b.equals(ben, path);

  await a.card('One').locator('.cardTitle').focus();
  const [tab] = await Promise.all([ana.context.waitForEvent('page'), keyboard.press('Control+Enter')]);
  await tab.waitForURL(/[?&]card=\d+/); // what it shows is asked elsewhere: a tab in the background takes its time
  await a.selects();
});

story('on a large board a selection includes cards that are not rendered', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('large');
  const names = (list, count) => Array.from({ length: count }, (_, i) => `${list}${i}`);
  await ana.fill(path, Object.fromEntries([...'abcdefghijkl'].map((list) => [list, names(list, 45)])));
  const board = await ana.openBoard(path);
  await board.card('a0').click({ modifiers: ['Control'] });
  await board.card('a3').click({ modifiers: ['Shift'] });
  await board.page.locator('.boardName').click(); // a list with the focus in it stays drawn
  await board.list('l').scrollIntoViewIfNeeded();
  await board.card('l1').click({ modifiers: ['Control'] });
  await until('the first list is not drawn any more', async () => await board.card('a0').count() === 0);
  await board.dragCard('l1', { before: 'l3' });
  const { project } = await until('they are all in the last list', async () => {
    const snapshot = await ana.snapshot(path);
    return Object.values(snapshot.project.lists).some((list) => Object.keys(list.cards).length === 49) && snapshot;
  });
  const last = Object.values(project.lists).find(({ name }) => name === 'l');
  const order = Object.values(last.cards).sort((x, y) => x.pos - y.pos).map(({ name }) => name);
  assert.deepEqual(order.slice(0, 9), ['l0', 'l2', 'a0', 'a1', 'l1', 'a2', 'a3', 'l3', 'l4']);
  await until('it is shown so', async () => (await board.list('l').locator('.cardTitle').allTextContents()).slice(0, 9).join() === order.slice(0, 9).join());
  await board.list('a').scrollIntoViewIfNeeded();
  await until('and they are gone from the first', async () => (await board.list('a').locator('.cardTitle').allTextContents())[0] === 'a4');
});

story('new cards are added below the focused one, and single-letter shortcuts can be switched off', async (world) => {
  const { ana, path, a, b } = await sharedBoard(world, { 'To do': ['One', 'Two', 'Three'] });
  const { keyboard } = a.page;
  await a.card('One').locator('.cardTitle').focus();
  await keyboard.press('n');
  for (const name of ['New', 'Newer']) {
    await keyboard.type(name);
    await keyboard.press('Enter');
  }
  await keyboard.press('Escape');
  await b.shows([['To do', ['One', 'New', 'Newer', 'Two', 'Three']]]);
  await until('the focus is on the last of them', async () => (await a.focused()).includes('"Newer"'));
  await a.equals(ana, path);

  await keyboard.press('?');
  await a.page.locator('#w-keysWin [data-target="letters"]').uncheck();
  await keyboard.press('Escape');
  await a.page.reload();
  await a.isAwake();
  await a.card('One').locator('.cardTitle').focus();
  const windows = 'dialog[open]';
  const seen = await a.recordSeen(windows, '.card-selected', '.toast');
  const shown = await a.recordShown();
  for (const key of ['c', 'n', 's', '>', '?']) await keyboard.press(key);
  // A window that a key asks for comes with its script: once that could have come, and a change of another member has.
  await a.page.waitForLoadState('networkidle');
  await b.addCards('To do', 'Last');
  await a.shows([['To do', ['One', 'New', 'Newer', 'Two', 'Three', 'Last']]]);
  assert.deepEqual(await seen(), { [windows]: 0, '.card-selected': 0, '.toast': 0 });
  assert.equal(await a.page.locator('.composer:not([hidden]) textarea:focus').count(), 0);
  assert.deepEqual((await shown()).length, 2, 'nothing but the other one\'s card has changed the board');
});

story('a filter counts what it hides, survives changes by others, and announces a new card that it hides', async (world) => {
  const { ana, path, a, b } = await sharedBoard(world, { 'To do': ['apple pie', 'apple juice', 'bread'], Doing: ['milk'] });
  const { keyboard } = a.page;
  const seen = () => a.page.locator('.card[data-card-id]:not([hidden]) .cardTitle').allTextContents();
  await a.card('bread').click({ modifiers: ['Control'] });
  await a.card('apple pie').click({ modifiers: ['Control'] });
  await keyboard.press('f');
  await keyboard.type('apple');
  const count = a.page.locator('.filterCount');
  await until('it says how many are shown', async () => await count.textContent() === '2 of 4');
  await untilEqual('only those cards are shown', seen, ['apple pie', 'apple juice']);
  await a.selects('apple pie');
  await b.addCards('Doing', 'apple cake', 'tea');
  await until('what others do is counted', async () => await count.textContent() === '3 of 6');
  assert.match(a.page.url(), /[?&]q=apple/);
  await a.page.reload();
  await a.isAwake();
  await until('the address keeps it', async () => (await seen()).join() === 'apple pie,apple juice,apple cake');

  await a.keepMessages();
  await a.addCards('Doing', 'coffee');
  const told = a.page.locator('.toast', { has: a.page.locator('.toastAction') });
  await told.locator('.toastAction').click();
  await until('all is shown', async () => (await seen()).length === 7);
  await a.equals(ana, path);

  await a.card('bread').locator('.cardTitle').focus();
  await keyboard.press('q');
  await until('none of the cards is Ana\'s', async () => (await seen()).length === 0);
  assert.equal(await count.textContent(), 'No card matches this filter.');
  await keyboard.press('x');
  await until('all is shown again', async () => (await seen()).length === 7);
});

story('on a phone cards are selected by menu and tap, and moved with the bar', async (world) => {
  const ana = await world.member('Ana', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: 'de-DE' });
  const path = await ana.makeProject('phone');
  await ana.fill(path, { 'To do': ['One', 'Two', 'Three'], Doing: ['Four'] });
  const board = await ana.openBoard(path);
  await board.card('One').locator('[data-part="menu"]').tap();
  await board.page.locator('.menu:popover-open .menuItem', { has: board.page.locator('.icon-check') }).tap();
  await board.card('Three').tap();
  await board.selects('One', 'Three');
  await board.selectionButton('move').tap();
  const win = board.page.locator('#w-moveCardWin');
  await win.locator('[data-target="list"]').selectOption({ label: 'Doing' });
  await win.locator('[data-target="place"]').selectOption('0');
  await win.locator('.dialogFoot .btn').first().tap();
  await board.shows([['To do', ['Two']], ['Doing', ['One', 'Three', 'Four']]]);
  await board.selects();

  await board.touchDragCardToNextList('Two', 'Doing');
  await until('it is in the list that came at the edge', async () => (await board.shown())[1][1].includes('Two'));
  await board.equals(ana, path);
});
