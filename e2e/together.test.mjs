/** No one loses what they typed, and nothing happens twice: two who write at once, a network that breaks, a page that sleeps. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

/** Ana's board with the given lists, open on two screens; Ben may change it. */
async function shared(world, lists, options) {
  const ana = await world.member('Ana', options);
  const ben = await world.member('Ben', options);
  const path = await ana.makeProject('party');
  const { inviteAsAdminLink } = await ana.pageData(path);
  await ben.join(inviteAsAdminLink);
  await ana.fill(path, lists);
  return { ana, ben, path, a: await ana.openBoard(path), b: await ben.openBoard(path) };
}

const desc = (win) => win.locator('ui-inplace[data-target="desc"]');

async function describe(win, text) {
  await desc(win).locator('[data-target="opener"]').click();
  await desc(win).locator('textarea').fill(text);
}

const saver = (win) => desc(win).locator('[data-target="saver"]');
const shownText = (win) => desc(win).locator('[data-target="text"]').textContent();

async function cardOf(person, path) {
  const { project } = await person.snapshot(path);
  return Object.values(Object.values(project.lists)[0].cards)[0];
}

story('two edits of the same description: both texts are kept', async (world) => {
  const { ana, path, a, b } = await shared(world, { 'To do': ['One'] });
  const anas = await a.openCard('One');
  const bens = await b.openCard('One');
  await describe(anas, 'what Ana wrote');
  await describe(bens, 'what Ben wrote');
  await saver(bens).click();
  const notice = desc(anas).locator('[data-target="notice"]');
  await notice.waitFor();
  assert.match(await notice.textContent(), /Ben/);
  assert.equal(await desc(anas).locator('textarea').inputValue(), 'what Ana wrote');
  // The first press only shows what would be replaced.
  await saver(anas).click();
  await untilEqual('Ana sees what Ben wrote', () => desc(anas).locator('[data-target="theirsText"]').textContent(), 'what Ben wrote');
  assert.equal((await cardOf(ana, path)).cardDesc, 'what Ben wrote');
  await saver(anas).click();
  await untilEqual('Ana\'s text is there', () => shownText(bens), 'what Ana wrote');
  // Ben finds his own again.
  await bens.locator('revisions-list [data-target="opener"]').click();
  const revision = bens.locator('.revision', { hasText: 'what Ben wrote' });
  await revision.locator('button').first().click();
  await untilEqual('Ben\'s text is back', () => shownText(anas), 'what Ben wrote');
});

story('an offline edit that conflicts becomes a draft again', async (world) => {
  const { ana, ben, path, a, b } = await shared(world, { 'To do': ['One'] });
  world.excuse(/ERR_INTERNET_DISCONNECTED/);
  const anas = await a.openCard('One');
  await ana.context.setOffline(true);
  await a.bar.filter({ hasText: /./ }).waitFor();
  await describe(anas, 'what Ana wrote');
  await saver(anas).click();
  const bens = await b.openCard('One');
  await describe(bens, 'what Ben wrote');
  await saver(bens).click();
  await until('Ben\'s text is stored', async () => (await cardOf(ben, path)).cardDesc === 'what Ben wrote');
  await ana.context.setOffline(false);
  await untilEqual('Ana\'s text is in the field', () => desc(anas).locator('textarea').inputValue(), 'what Ana wrote');
  await desc(anas).locator('[data-target="notice"]').waitFor();
  assert.equal((await cardOf(ben, path)).cardDesc, 'what Ben wrote');
  // It is still there after a reload, and can be dropped.
  await a.page.reload();
  await a.isAwake();
  await untilEqual('the draft is there', () => desc(anas).locator('textarea').inputValue(), 'what Ana wrote');
  await desc(anas).locator('[data-action="click:compare"]').click();
  await desc(anas).locator('[data-action="click:takeTheirs"]').click();
  await untilEqual('Ben\'s text is shown', () => shownText(anas), 'what Ben wrote');
});

story('simultaneous edits of name and description are merged', async (world) => {
  const { ana, path, a, b } = await shared(world, { 'To do': ['One'] });
  const anas = await a.openCard('One');
  const bens = await b.openCard('One');
  const name = anas.locator('ui-inplace[data-target="name"]');
  await name.locator('[data-target="opener"]').click();
  await name.locator('input').fill('Named by Ana');
  await describe(bens, 'described by Ben');
  await Promise.all([name.locator('input').press('Enter'), saver(bens).click()]);
  await until('both are stored', async () => {
    const card = await cardOf(ana, path);
    return card.name === 'Named by Ana' && card.cardDesc === 'described by Ben';
  });
});

story('cards created on a flapping connection exist exactly once', async (world) => {
  const { ana, ben, path, a, b } = await shared(world, { 'To do': [] });
  world.excuse(/ERR_INTERNET_DISCONNECTED/);
  const names = Array.from({ length: 12 }, (_, index) => `Card ${index + 1}`);
  for (const [index, name] of names.entries()) {
    if (index % 3 === 1) await ana.context.setOffline(true);
    await a.addCards('To do', name);
    if (index % 3 === 0) await ana.context.setOffline(false);
  }
  await ana.context.setOffline(true);
  await ana.context.setOffline(false);
  await b.shows([['To do', names]], 'everything arrives once, in order');
  await a.equals(ana, path);
  await b.equals(ben, path);
});

story('offline operations are sent exactly once after a reload', async (world) => {
  const { ana, ben, path, a, b } = await shared(world, { 'To do': ['One'] });
  world.excuse(/ERR_INTERNET_DISCONNECTED|WebSocket|ERR_FAILED|ERR_ABORTED/);
  // The page can be loaded, its socket cannot: as behind a proxy that has just lost the server.
  await a.page.route('**/socket.io/**', (route) => route.abort());
  await a.page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await a.page.reload();
  await a.isAwake();
  await a.addCards('To do', 'Two');
  await a.addLists('Doing');
  await a.page.reload();
  await a.isAwake();
  await a.shows([['To do', ['One', 'Two']], ['Doing', []]]);
  await a.page.unrouteAll();
  await a.page.reload();
  await a.isAwake();
  await b.shows([['To do', ['One', 'Two']], ['Doing', []]]);
  await a.equals(ana, path);
  await b.equals(ben, path);
});

story('a frozen tab is up to date after it resumes', async (world) => {
  const { ana, path, a, b } = await shared(world, { 'To do': ['One'] });
  const tab = await ana.context.newCDPSession(a.page);
  await tab.send('Page.setWebLifecycleState', { state: 'frozen' });
  await b.addCards('To do', 'Two', 'Three');
  await b.dragCard('Three', { before: 'One' });
  await tab.send('Page.setWebLifecycleState', { state: 'active' });
  await a.shows([['To do', ['Three', 'One', 'Two']]]);
  await a.equals(ana, path);
});

story('a silently dead connection is noticed when the page resumes', async (world) => {
  const { ana, path, b } = await shared(world, { 'To do': ['One'] });
  // What passes between page and server can be stopped without either noticing, as on a closed laptop.
  const page = await ana.context.newPage();
  const lines = [];
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const line = { open: true };
    lines.push(line);
    const server = socket.connectToServer();
    socket.onMessage((message) => line.open && server.send(message));
    server.onMessage((message) => line.open && socket.send(message));
  });
  const a = await ana.openBoard(path, page);
  await until('the page is connected', () => lines.length > 0);
  await b.addCards('To do', 'Two');
  await a.shows([['To do', ['One', 'Two']]]);
  for (const line of lines) line.open = false;
  await b.addCards('To do', 'Three');
  await b.shows([['To do', ['One', 'Two', 'Three']]]);
  assert.deepEqual(await a.shown(), [['To do', ['One', 'Two']]]);
  await page.evaluate(() => document.dispatchEvent(new Event('resume')));
  await a.shows([['To do', ['One', 'Two', 'Three']]]);
  await a.addCards('To do', 'Four');
  await b.shows([['To do', ['One', 'Two', 'Three', 'Four']]]);
  await a.equals(ana, path);
});

story('members see who else is present, whatever the number of tabs', async (world) => {
  const { ana, ben, path, a, b } = await shared(world, { 'To do': ['One'] });
  const faces = (board) => board.page.locator('.boardFaces :is(.avatar-here, .avatar-idle, .avatar-away)').evaluateAll((all) => all.map((face) => face.title));
  await untilEqual('Ana sees Ben', () => faces(a), ['Ana, on the board', 'Ben, on the board']);
  await untilEqual('Ben sees Ana', () => faces(b), ['Ana, on the board', 'Ben, on the board']);
  const second = await ben.openBoard(path);
  await second.page.close();
  await a.addCards('To do', 'Two');
  assert.deepEqual(await faces(a), ['Ana, on the board', 'Ben, on the board']);
  await b.page.close();
  await untilEqual('Ben has left', () => faces(a), ['Ana, on the board']);
  const back = await ben.openBoard(path);
  await untilEqual('Ben is back', () => faces(a), ['Ana, on the board', 'Ben, on the board']);
  await untilEqual('a page that comes later sees who was there', () => faces(back), ['Ana, on the board', 'Ben, on the board']);
  await back.equals(ana, path);
});
