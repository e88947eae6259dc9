/** A large board: only lists near the viewport have their cards in the page. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const LISTS = 30;
const CARDS = 20;

const listName = (index) => `List ${index + 1}`;
const cardsOf = (index) => Array.from({ length: CARDS }, (_, card) => `${index + 1}.${card + 1}`);

async function largeBoard(world) {
  const ana = await world.member('Ana', { viewport: { width: 1280, height: 800 } });
  const path = await ana.makeProject('large');
  await ana.fill(path, Object.fromEntries(Array.from({ length: LISTS }, (_, index) => [listName(index), cardsOf(index)])));
  return { ana, path, board: await ana.openBoard(path) };
}

const namesIn = (board, list) => board.list(list).locator('.cardTitle').allTextContents();
const cardsInPage = (board) => board.page.locator('li.card[data-card-id]').count();
const scrollTo = (board, list) => board.list(list).evaluate((element) => element.scrollIntoView({ inline: 'center' }));

story('lists near the viewport have their cards in the page, others do not', async (world) => {
  const { ana, path, board } = await largeBoard(world);
  assert.deepEqual(await namesIn(board, listName(0)), cardsOf(0));
  assert.ok(await cardsInPage(board) < LISTS * CARDS, 'not every card is in the page');
  assert.equal(await board.list(listName(LISTS - 1)).locator('.listCount').textContent(), String(CARDS), 'what is far is counted all the same');
  for (const index of [LISTS - 1, 14, 0]) {
    await scrollTo(board, listName(index));
    await untilEqual(`${listName(index)} is drawn`, () => namesIn(board, listName(index)), cardsOf(index));
  }
  // After all that scrolling there is still only what is near.
  await until('the page has let go of what is far', async () => await cardsInPage(board) <= LISTS * CARDS / 2);
  // What changes far away is right when one gets there.
  const { project } = await ana.snapshot(path);
  const last = Object.entries(project.lists).find(([, list]) => list.name === listName(LISTS - 1));
  const [first] = Object.entries(last[1].cards).find(([, card]) => card.pos === 0);
  const moved = await ana.ask('move_card', { projectId: project.id, id: Number(first), listId: Number(last[0]), pos: CARDS - 1 });
  assert.ok(moved.ok, JSON.stringify(moved));
  await scrollTo(board, listName(LISTS - 1));
  const names = cardsOf(LISTS - 1);
  await untilEqual('the moved card is last', () => namesIn(board, listName(LISTS - 1)), [...names.slice(1), names[0]]);
});

story('a card is dragged to a list that was not in the page when the drag began', async (world) => {
  const { ana, path, board } = await largeBoard(world);
  const { page } = board;
  const box = await board.card('1.1').boundingBox();
  await page.mouse.move(box.x + 40, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 20, { steps: 4 });
  // At the edge the board scrolls by itself.
  await until('the last list has come', async () => {
    await page.mouse.move(1278, box.y + 60 + Math.random());
    const right = await board.list(listName(LISTS - 1)).evaluate((element) => element.getBoundingClientRect().left);
    return right < 1280 - 300;
  }, { timeoutMs: 60_000 });
  const target = await board.list(listName(LISTS - 1)).boundingBox();
  await untilEqual('its cards are there', () => namesIn(board, listName(LISTS - 1)), cardsOf(LISTS - 1));
  const second = await board.card(`${LISTS}.2`).boundingBox();
  await page.mouse.move(target.x + 100, second.y + 4, { steps: 6 });
  await page.mouse.up();
  await until('the server has it there', async () => {
    const { project } = await ana.snapshot(path);
    const list = Object.values(project.lists).find(({ name }) => name === listName(LISTS - 1));
    return Object.values(list.cards).find(({ name }) => name === '1.1')?.pos === 1;
  });
  await untilEqual('and so does the page', async () => (await namesIn(board, listName(LISTS - 1))).slice(0, 3), [`${LISTS}.1`, '1.1', `${LISTS}.2`]);
});

// Bytes over the line of page, scripts and styles (decision 0034).
const LIGHT = 110 * 1024;
const REQUESTS = 12; // of a cold page, without those of its connection

story('an empty board loads little', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('empty');
  const page = await ana.context.newPage();
  const cdp = await ana.context.newCDPSession(page);
  const types = new Map();
  const loaded = [];
  await cdp.send('Network.enable');
  cdp.on('Network.responseReceived', ({ requestId, type, response }) => response.url.startsWith('http') && types.set(requestId, { type, url: response.url }));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => types.has(requestId) && loaded.push({ ...types.get(requestId), bytes: encodedDataLength }));
  await page.goto(path);
  await page.locator('board-root[data-ready]').waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  const bytes = loaded.filter(({ type }) => ['Document', 'Script', 'Stylesheet'].includes(type)).reduce((sum, one) => sum + one.bytes, 0);
  assert.ok(bytes > 50 * 1024 && bytes < LIGHT, `page, scripts and styles are ${Math.round(bytes / 1024)} KB over the line`);
  const requests = loaded.filter(({ url }) => !url.includes('/socket.io/')).map(({ url }) => new URL(url).pathname);
  assert.ok(requests.length <= REQUESTS, `${requests.length} requests: ${requests.join(', ')}`);
  // The page names the scripts of the board, so that none waits for another.
  const preloaded = await page.evaluate(() => [...document.querySelectorAll('script[src], link[rel="modulepreload"]')].map((node) => new URL(node.src || node.href).pathname));
  assert.deepEqual(loaded.filter(({ type, url }) => type === 'Script' && !preloaded.includes(new URL(url).pathname)).map(({ url }) => url), []);
});
