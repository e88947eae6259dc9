/** A large board: only what is near is in the page, and nobody notices. */
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

story('lists that come near have their cards, those that went give them up', async (world) => {
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

story('a card is carried to a list that was not in the page when the drag began', async (world) => {
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
  }, { patience: 60_000 });
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

story('an empty board is light', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('empty');
  const page = await ana.context.newPage();
  const cdp = await ana.context.newCDPSession(page);
  const types = new Map();
  let bytes = 0;
  await cdp.send('Network.enable');
  cdp.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (['Document', 'Script', 'Stylesheet'].includes(types.get(requestId))) bytes += encodedDataLength;
  });
  await page.goto(path);
  await page.locator('projects-board[data-ready]').waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  assert.ok(bytes < 120 * 1024, `page, scripts and styles are ${Math.round(bytes / 1024)} KB over the line`);
});
