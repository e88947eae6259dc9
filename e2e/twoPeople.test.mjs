/** The main job: people on one board, each in a browser of their own, who see every change of the others at once. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { lasting, until } from './lib/until.js';

/** Ana's board with the given lists, and Ben who may change it. */
async function sharedBoard(world, lists) {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  const { inviteAsAdminLink } = await ana.pageData(path);
  await ben.join(inviteAsAdminLink);
  if (lists) await ana.fill(path, lists);
  return { ana, ben, path, a: await ana.openBoard(path), b: await ben.openBoard(path) };
}

story('lists and cards are added, moved and removed on both screens', async (world) => {
  const { ana, ben, path, a, b } = await sharedBoard(world);
  await a.addLists('To do', 'Doing', 'Done');
  await b.shows([['To do', []], ['Doing', []], ['Done', []]]);
  await b.addCards('To do', 'One', 'Two', 'Three');
  await a.shows([['To do', ['One', 'Two', 'Three']], ['Doing', []], ['Done', []]]);
  await a.dragCard('Three', { before: 'One' });
  await b.shows([['To do', ['Three', 'One', 'Two']], ['Doing', []], ['Done', []]]);
  await a.dragCard('One', { toEndOf: 'Doing' });
  await b.shows([['To do', ['Three', 'Two']], ['Doing', ['One']], ['Done', []]]);
  await b.dragList('Done', { before: 'To do' });
  await a.shows([['Done', []], ['To do', ['Three', 'Two']], ['Doing', ['One']]]);
  await b.chooseFromCardMenu('Two', 'delete');
  await a.shows([['Done', []], ['To do', ['Three']], ['Doing', ['One']]]);
  await a.equals(ana, path);
  await b.equals(ben, path);
});

story('a card is picked up, moved and dropped by keyboard alone, and keeps the focus', async (world) => {
  const { a, b } = await sharedBoard(world, { 'To do': ['One', 'Two'], Doing: ['Three'] });
  await a.card('One').locator('.cardTitle').focus();
  await a.page.keyboard.press('Space');
  await a.page.keyboard.press('ArrowRight');
  await a.page.keyboard.press('Space');
  await b.shows([['To do', ['Two']], ['Doing', ['One', 'Three']]]);
  assert.match(await a.focused(), /"One"/);
  await a.page.keyboard.press('Space');
  await a.page.keyboard.press('ArrowDown');
  await a.page.keyboard.press('Escape');
  await a.shows([['To do', ['Two']], ['Doing', ['One', 'Three']]]);
});

story('a card is dragged by touch on a phone', async (world) => {
  const ana = await world.member('Ana', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const path = await ana.makeProject('phone');
  await ana.fill(path, { 'To do': ['One', 'Two', 'Three'] });
  const board = await ana.openBoard(path);
  await board.touchDragCard('Three', { before: 'One' });
  await board.shows([['To do', ['Three', 'One', 'Two']]]);
  await board.equals(ana, path);
  const overflow = await board.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, 'the page is wider than the phone');
});

story('ten seconds without a network lose nothing', async (world) => {
  const { ana, ben, path, a, b } = await sharedBoard(world, { 'To do': ['One'] });
  world.excuse(/ERR_INTERNET_DISCONNECTED/);
  await ana.context.setOffline(true);
  await a.bar.filter({ hasText: /./ }).waitFor();
  const field = await a.composer('To do');
  await field.fill('typed while away');
  await b.addCards('To do', 'Two', 'Three');
  await lasting(10);
  assert.equal(await field.inputValue(), 'typed while away');
  await ana.context.setOffline(false);
  await a.shows([['To do', ['One', 'Two', 'Three']]]);
  assert.equal(await field.inputValue(), 'typed while away');
  await field.press('Enter');
  await b.shows([['To do', ['One', 'Two', 'Three', 'typed while away']]]);
  await a.equals(ana, path);
  await b.equals(ben, path);
  await until('nothing is said about the connection any more', async () => (await a.bar.textContent()).trim() === '');
});

story('both boards are equal after the server was killed and restarted', async (world) => {
  const { ana, ben, path, a, b } = await sharedBoard(world, { 'To do': ['One'] });
  world.excuse(/ERR_CONNECTION_REFUSED|WebSocket connection|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  await world.server.halt('SIGKILL');
  await a.bar.filter({ hasText: /./ }).waitFor();
  await world.server.run();
  await b.addCards('To do', 'Two');
  await until('Ana sees what happened after the restart', async () => (await a.shown())[0][1].includes('Two'), { timeoutMs: 20_000 });
  await a.equals(ana, path);
  await b.equals(ben, path);
});

story('an access-only member sees everything and can change nothing', async (world) => {
  const { ana, path, a } = await sharedBoard(world, { 'To do': ['One'] });
  const { inviteLink } = await ana.pageData(path);
  const chloe = await world.member('Chloe');
  const page = await chloe.context.newPage();
  await page.goto(new URL(inviteLink).pathname);
  await page.locator('form .btn-primaryAction').click();
  await page.waitForURL(`**${path}`);
  const c = await chloe.openBoard(path);
  await a.addCards('To do', 'Two');
  await c.shows([['To do', ['One', 'Two']]]);
  assert.equal(await c.page.locator('cards-composer, lists-composer, .cardMenuButton').count(), 0);
  await c.page.locator('.listMenuButton').click();
  const entries = await c.page.locator('.menu:popover-open .menuItem .menuText').allTextContents();
  assert.deepEqual(entries.filter((entry) => entry !== 'Watch'), ['Description and files', 'Collapse list']); // who may read may watch
  await c.page.keyboard.press('Escape');
  const { project } = await chloe.snapshot(path);
  const [list] = Object.keys(project.lists);
  for (const [event, data] of [
    ['create_list', { name: 'x', listDesc: '', attachedFiles: {} }],
    ['create_card', { listId: list, name: 'x', cardDesc: '', attachedFiles: {}, members: [] }],
    ['delete_list', { id: list }],
  ]) {
    const answer = await chloe.ask(event, { projectId: project.id, ...data });
    assert.equal(answer.error, 'forbidden', event);
    assert.ok(answer.message);
  }
  await a.shows([['To do', ['One', 'Two']]]);
  const stranger = await world.member('Dora');
  assert.equal((await stranger.context.request.get(path)).status(), 404);
  assert.equal((await stranger.ask('join_project_room', project.id)).error, 'notFound');
});

story('typed text stays text, whatever it looks like', async (world) => {
  const { a, b } = await sharedBoard(world);
  const name = '<img src=x onerror=alert(1)>"\'&amp;';
  await a.addLists(name);
  await b.addCards(name, name);
  await a.shows([[name, [name]]]);
  await b.page.reload();
  await b.isAwake();
  await b.shows([[name, [name]]]);
});

story('files are attached, downloaded by another member and refused to others', async (world) => {
  const { ana, ben, path, a, b } = await sharedBoard(world, { 'To do': ['One'] });
  const win = await a.openCard('One');
  await win.locator('input[type=file]').setInputFiles({ name: 'ä "quoted".txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await win.locator('.fileRow a').first().waitFor();
  const other = await b.openCard('One');
  const link = await other.locator('.fileRow a').first().getAttribute('href');
  const answer = await ben.context.request.get(link);
  assert.equal(answer.status(), 200);
  assert.equal(await answer.text(), 'hello');
  assert.match(answer.headers()['content-disposition'], /^attachment/);
  const stranger = await world.member('Dora');
  assert.equal((await stranger.context.request.get(link)).status(), 404);
  const { project } = await ana.snapshot(path);
  assert.deepEqual(Object.keys(Object.values(Object.values(project.lists)[0].cards)[0].attachedFiles), ['ä "quoted".txt']);
});

story('logging out in one tab ends the other, which leads back to the same page', async (world) => {
  const { ana, path, a } = await sharedBoard(world, { 'To do': ['One'] });
  world.excuse(/401/);
  await ana.post('/logout');
  const dialog = a.page.locator('dialog[data-target="ended"]');
  await dialog.waitFor();
  const href = await dialog.locator('a').getAttribute('href');
  assert.equal(href, `/login?continue=${encodeURIComponent(path)}`);
});
