/** What the menus of lists and cards do with a whole list, and copies: one person acts, the other sees it. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const LISTS = { Ideas: ['Zero'], 'To do': ['b', 'Ähre', 'Zug 10', 'Zug 2'], Done: [] };
const START = Object.entries(LISTS);
const withTodo = (...cards) => START.map(([name, all]) => [name, name === 'To do' ? cards : all]);

async function shared(world) {
  const [ana, ben] = [await world.member('Ana'), await world.member('Ben')];
  const path = await ana.makeProject('plans');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(path, LISTS);
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  await a.keepMessages();
  return { ana, ben, path, a, b };
}

story('one sorts a list, both see it; undo gives the order back, unless someone has moved a card since', async (world) => {
  const { ana, path, a, b } = await shared(world);
  const sorted = withTodo('Ähre', 'b', 'Zug 2', 'Zug 10');
  await a.chooseFromListMenu('To do', 'chevronDown');
  for (const board of [a, b]) await board.shows(sorted);
  await a.page.keyboard.press('Control+z');
  for (const board of [a, b]) await board.shows(START);
  await a.chooseFromListMenu('To do', 'history');
  const newest = withTodo('Zug 2', 'Zug 10', 'Ähre', 'b');
  for (const board of [a, b]) await board.shows(newest);
  await b.chooseFromCardMenu('b', 'chevronUp');
  const moved = withTodo('b', 'Zug 2', 'Zug 10', 'Ähre');
  for (const board of [a, b]) await board.shows(moved);
  await a.page.keyboard.press('Control+z');
  await a.page.locator('.toast-danger').waitFor();
  for (const board of [a, b]) await board.shows(moved);
  await a.equals(ana, path);
});

story('a card is copied with its members and description, a list with its cards; both see the copies, undo takes them away', async (world) => {
  const { ana, path, a, b } = await shared(world);
  const win = await a.openCard('Zug 10');
  await win.locator('.memberPicker summary, [data-target="memberPicker"]').first().click();
  await win.locator('.memberChoice').first().click();
  await a.closeWindow();
  await b.card('Zug 10').locator('[data-part="members"] .avatar').waitFor();
  await a.chooseFromCardMenu('Zug 10', 'copy');
  const copied = withTodo('b', 'Ähre', 'Zug 10', 'Zug 10 (copy)', 'Zug 2');
  for (const board of [a, b]) await board.shows(copied);
  await b.card('Zug 10 (copy)').locator('[data-part="members"] .avatar').waitFor();
  await a.chooseFromListMenu('To do', 'copy');
  const twice = [...copied.slice(0, 2), ['To do (copy)', copied[1][1]], copied[2]];
  for (const board of [a, b]) await board.shows(twice);
  await b.list('To do (copy)').locator('.card [data-part="members"] .avatar').first().waitFor();
  await a.equals(ana, path);
  for (const expected of [copied, START]) {
    await a.page.keyboard.press('Control+z');
    for (const board of [a, b]) await board.shows(expected);
  }
  await a.equals(ana, path);
});

story('a link to a card is copied from its menu and opens the card', async (world) => {
  const { ben, a, b } = await shared(world);
  await a.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await a.chooseFromCardMenu('Zug 2', 'link');
  await a.page.locator('.toast-success').waitFor();
  const link = await a.page.evaluate(() => navigator.clipboard.readText());
  await b.page.goto(link);
  await b.page.locator('#w-cardWin[open]').waitFor();
  assert.match(await b.page.locator('#w-cardWin').textContent(), /Zug 2/);
  assert.ok(link.includes(new URL(b.page.url()).pathname), `${ben.name} reads ${link}`);
});

story('a list is collapsed for one person, also after a reload, by key and menu; a card dropped on it is in it', async (world) => {
  const { ana, path, a, b } = await shared(world);
  await a.list('Ideas').locator('.listNameLink').focus();
  await a.page.keyboard.press('-');
  await a.page.locator('.list-collapsed', { hasText: 'Ideas' }).waitFor();
  assert.match(await a.focused(), /Ideas/);
  assert.equal(await a.page.locator('.list-collapsed .listCount').innerText(), '1');
  const name = await a.page.locator('.list-collapsed .listNameLink').boundingBox();
  assert.ok(name.width >= 40 && name.height >= 44, 'the name can be read and pressed');
  assert.ok((await a.page.locator('.list-collapsed').boundingBox()).width <= 48);
  assert.equal(await b.page.locator('.list-collapsed').count(), 0);
  assert.match(await (await ana.context.request.get(path)).text(), /class="list list-collapsed"[^>]*aria-label="Ideas"/, 'it is narrow before a script runs');
  await a.page.addInitScript(noteShifts);
  await a.page.reload();
  await a.isAwake();
  await a.page.locator('.list-collapsed', { hasText: 'Ideas' }).waitFor();
  assert.deepEqual(await a.page.evaluate(() => globalThis.shiftsSeen()), [], 'nothing moves while the page loads');
  // The arrows pass over the cards that are not seen.
  await a.card('b').locator('.cardTitle').focus();
  await a.page.keyboard.press('ArrowLeft');
  assert.match(await a.focused(), /listNameLink "Ideas"/);
  await dropOnCollapsed(a, 'b', 'Ideas');
  await b.shows([['Ideas', ['Zero', 'b']], ['To do', ['Ähre', 'Zug 10', 'Zug 2']], ['Done', []]]);
  await untilEqual('the bar counts it', () => a.page.locator('.list-collapsed .listCount').innerText(), '2');
  await a.list('Ideas').locator('.listNameLink').click();
  await until('it is expanded', async () => await a.page.locator('.list-collapsed').count() === 0);
  await a.equals(ana, path);
});

// Keeps the layout shifts of a page: what moved, from where to where. What moves before the first paint is not seen: sizes of
// cards that the browser had not laid out yet.
function noteShifts() {
  const shifts = [];
  const inWords = ({ node, previousRect: from, currentRect: to }) => `${node?.className ?? node?.nodeName}: ${[from, to].map(({ x, y, width, height }) => [x, y, width, height].join(' ')).join(' → ')}`;
  new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true });
  globalThis.shiftsSeen = () => {
    const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity;
    return shifts.filter(({ startTime }) => startTime > painted).flatMap(({ sources }) => sources.map(inWords));
  };
}

async function dropOnCollapsed(board, card, list) {
  const { mouse } = board.page;
  const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
  const [x, y] = middle(await board.card(card).boundingBox());
  await mouse.move(x, y);
  await mouse.down();
  await mouse.move(x + 10, y + 4, { steps: 3 });
  await board.page.locator('.dragPreview').waitFor();
  await mouse.move(...middle(await board.list(list).boundingBox()), { steps: 6 });
  await board.list(list).locator('.cardPlaceholder').waitFor({ state: 'attached' });
  await mouse.up();
  await board.page.locator('.dragPreview').waitFor({ state: 'detached' });
}

story('files dropped on a card are attached to it, and the card says so; beside a card nothing happens', async (world) => {
  const { ana, path, a, b } = await shared(world);
  const files = (...all) => a.page.evaluateHandle((names) => {
    const transfer = new DataTransfer();
    for (const name of names) transfer.items.add(new File(['x'], name, { type: 'text/plain' }));
    return transfer;
  }, all);
  const dropOn = async (target, dataTransfer) => {
    await target.dispatchEvent('dragover', { dataTransfer });
    const marked = await a.page.locator('.dropTarget').count();
    await target.dispatchEvent('drop', { dataTransfer });
    return marked;
  };
  assert.equal(await dropOn(a.card('b'), await files('one.txt', 'two.txt')), 1, 'the card is marked');
  for (const board of [a, b]) await untilEqual('both files are there', () => board.card('b').locator('[data-part="files"]').textContent(), '2');
  assert.equal(await a.page.locator('.dropTarget, .cardProgress').count(), 0);
  assert.equal(await dropOn(a.page.locator('.boardScroller'), await files('three.txt')), 0);
  assert.equal(await dropOn(a.list('Done'), await files('four.txt')), 0);
  await dropOn(a.card('b'), await files('one.txt'));
  await a.confirm();
  await dropOn(a.card('Ähre'), await files(...Array.from({ length: 21 }, (_, index) => `${index}.txt`)));
  await a.page.locator('.toast-danger').waitFor();
  await untilEqual('twenty of twenty-one', () => b.card('Ähre').locator('[data-part="files"]').textContent(), '20');
  const { project } = await ana.snapshot(path);
  const counts = Object.values(project.lists).flatMap(({ cards }) => Object.values(cards).map((card) => Object.keys(card.attachedFiles).length));
  assert.deepEqual(counts.toSorted(), [0, 0, 0, 2, 20]);
});
