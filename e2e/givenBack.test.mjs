/** Nothing typed is lost: what is refused comes back complete, what a tab leaves behind is taken over by the next. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

async function boardOf(world, name, lists, { watch } = {}) {
  const ana = await world.member('Ana');
  const path = await ana.makeProject(name);
  await ana.fill(path, lists);
  const page = await ana.context.newPage();
  if (watch) await page.routeWebSocket(/socket\.io/, watch);
  return { ana, path, board: await ana.openBoard(path, page) };
}

/** Lets the page's messages pass when `line.gate` says so, changed by a function that a story may replace. */
function changing(line) {
  return (socket) => {
    const server = socket.connectToServer();
    socket.onMessage(async (message) => {
      await line.gate;
      server.send(typeof message === 'string' ? line.change(message) : message);
    });
    server.onMessage((message) => socket.send(message));
    line.open = true;
  };
}

const field = (board) => board.page.locator('cards-composer [data-target="field"]').first();

story('several refused cards all return to the composer, below newer text', async (world) => {
  const line = { change: (message) => message };
  const { ana, path, board } = await boardOf(world, 'party', { 'To do': ['One'] }, { watch: changing(line) });
  await until('the page uses its WebSocket', () => line.open);
  await board.addCards('To do', 'Two');
  await board.equals(ana, path);
  // The server refuses: it is asked for a list that does not exist.
  line.change = (message) => message.replace(/("create_card",\{"projectId":\d+,"listId":)\d+/, '$1999999');
  let open;
  line.gate = new Promise((resolve) => { open = resolve; });
  await board.composer('To do');
  await field(board).fill('Bread\t2\nMilk\t1\n\u001b[32mCheese\u001b[0m');
  await board.page.locator('[data-action="click:addSeveral"]').click();
  await field(board).fill('typed meanwhile');
  open();
  await untilEqual('all of it is in the field', () => field(board).inputValue(), 'typed meanwhile\nBread 2\nMilk 1\nCheese');
  await board.page.locator('.toast-danger').first().waitFor();
  await board.shows([['To do', ['One', 'Two']]]);
  // It survives a reload, and can be sent.
  line.change = (message) => message;
  await board.page.reload();
  await board.isAwake();
  await untilEqual('all of it is in the field', () => field(board).inputValue(), 'typed meanwhile\nBread 2\nMilk 1\nCheese');
  await board.page.locator('[data-action="click:addSeveral"]').click();
  await board.shows([['To do', ['One', 'Two', 'typed meanwhile', 'Bread 2', 'Milk 1', 'Cheese']]]);
  await board.equals(ana, path);
});

story('the texts of cards whose list was deleted are shown for copying', async (world) => {
  const { ana, path, board } = await boardOf(world, 'moving', { 'To do': ['One'], Done: [] });
  world.excuse(/ERR_INTERNET_DISCONNECTED/);
  await ana.context.setOffline(true);
  await board.bar.filter({ hasText: /./ }).waitFor();
  await board.addCards('To do', 'Boxes', 'Van');
  const { project } = await ana.snapshot(path);
  const [id] = Object.entries(project.lists).find(([, list]) => list.name === 'To do');
  assert.ok((await ana.ask('delete_list', { projectId: project.id, id: Number(id) })).ok);
  await ana.context.setOffline(false);
  const text = board.page.locator('dialog:modal textarea');
  await untilEqual('both are shown', () => text.inputValue(), 'Boxes\n\nVan');
  // Until they are dropped they are shown again.
  await board.page.locator('dialog:modal .dialogFoot .btn').nth(2).click();
  await board.page.reload();
  await board.isAwake();
  await untilEqual('both are shown', () => text.inputValue(), 'Boxes\n\nVan');
  await board.page.locator('dialog:modal .dialogFoot .btn').nth(1).click();
  await board.page.reload();
  await board.isAwake();
  assert.equal(await text.count(), 0);
});

story('operations of a closed offline tab are sent by the next tab', async (world) => {
  const { ana, path, board } = await boardOf(world, 'travel', { 'To do': ['One'] });
  world.excuse(/ERR_INTERNET_DISCONNECTED/);
  await ana.context.setOffline(true);
  await board.bar.filter({ hasText: /./ }).waitFor();
  await board.addCards('To do', 'Two');
  await board.addLists('Doing');
  const closed = board.page.waitForEvent('close');
  await board.page.close({ runBeforeUnload: true });
  await closed;
  await ana.context.setOffline(false);
  const next = await ana.openBoard(path);
  await next.shows([['To do', ['One', 'Two']], ['Doing', []]]);
  await next.equals(ana, path);
  // Once.
  const another = await ana.openBoard(path);
  await another.shows([['To do', ['One', 'Two']], ['Doing', []]]);
  await another.equals(ana, path);
});

story('a draft belongs to its tab, and to the next one after that is closed', async (world) => {
  const { ana, path, board } = await boardOf(world, 'shop', { 'To do': [] });
  await board.composer('To do');
  await field(board).fill('Milk');
  const other = await ana.openBoard(path);
  assert.equal(await field(other).isVisible(), false, 'it is being typed elsewhere');
  await other.addCards('To do', 'Bread');
  await board.shows([['To do', ['Bread']]]);
  assert.equal(await field(board).inputValue(), 'Milk');
  await board.page.reload();
  await board.isAwake();
  await untilEqual('it survives a reload', () => field(board).inputValue(), 'Milk');
  const closed = board.page.waitForEvent('close');
  await board.page.close({ runBeforeUnload: true });
  await closed;
  const next = await ana.openBoard(path);
  await untilEqual('the next tab has it', () => field(next).inputValue(), 'Milk');
  await field(next).press('Enter');
  await next.shows([['To do', ['Bread', 'Milk']]]);
  await next.equals(ana, path);
});

story('text that is too long is kept and reported, not cut', async (world) => {
  const { ana, path, board } = await boardOf(world, 'long', { 'To do': ['One'] });
  const problem = (place) => place.locator('[data-target="problem"]');
  await board.composer('To do');
  const text = `name\n${'x'.repeat(2050)}`;
  await field(board).fill(text);
  await field(board).press('Enter');
  const composer = board.page.locator('cards-composer').first();
  await problem(composer).filter({ hasText: '2 characters' }).waitFor();
  assert.equal(await field(board).inputValue(), text);
  await field(board).fill('');
  await field(board).press('Escape');

  const lists = board.page.locator('lists-composer');
  await lists.locator('[data-target="opener"]').click();
  await lists.locator('[data-target="field"]').fill('y'.repeat(70));
  await lists.locator('[data-target="field"]').press('Enter');
  await problem(lists).filter({ hasText: '6 characters' }).waitFor();
  assert.equal(await lists.locator('[data-target="field"]').inputValue(), 'y'.repeat(70));
  await lists.locator('[data-target="field"]').fill('\u3164');
  await lists.locator('[data-target="field"]').press('Enter');
  await problem(lists).filter({ hasText: 'would be invisible' }).waitFor();
  await lists.locator('[data-target="field"]').press('Escape');

  const win = await board.openCard('One');
  const desc = win.locator('ui-inplace[data-target="desc"]');
  await desc.locator('[data-target="opener"]').click();
  await desc.locator('textarea').fill('z'.repeat(2049));
  await desc.locator('[data-target="saver"]').click();
  await problem(desc).filter({ hasText: '1 character ' }).waitFor();
  await desc.locator('textarea').fill('\u001b[31mz\u001b[0m'.repeat(3));
  await desc.locator('[data-target="saver"]').click();
  await untilEqual('it is saved without colours', () => desc.locator('[data-target="text"]').textContent(), 'zzz');
  await board.shows([['To do', ['One']]]);
  await board.equals(ana, path);
});
