/** What moves on a board is seen moving: by who moves it, and by everyone else, with the face of who did it. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const LISTS = { 'To do': ['One', 'Two', 'Three', 'Four'], Done: ['Five'] };

async function shared(world, options) {
  const [ana, ben] = [await world.member('Ana', options), await world.member('Ben', options)];
  const path = await ana.makeProject('plans');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(path, LISTS);
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  for (const board of [a, b]) await recordMotion(board.page);
  return { ana, ben, path, a, b };
}

/** Notes every animation of a place from now on: what it is on, from where to where, and the properties it animates. */
function recordMotion(page) {
  return page.evaluate(() => {
    window.moved = [];
    const { animate } = Element.prototype;
    Element.prototype.animate = function record(frames, options) {
      if (options?.id === 'flip') {
        window.moved.push({
          name: this.querySelector('[data-part="name"]')?.textContent, isCopy: this.classList.contains('flightCopy'), duration: options.duration,
          from: frames[0].transform ?? null, properties: [...new Set(frames.flatMap((frame) => Object.keys(frame)))],
        });
      }
      return animate.call(this, frames, options);
    };
  });
}

const moved = (board) => board.page.evaluate(() => window.moved);
const names = async (board) => [...new Set((await moved(board)).filter(({ from }) => from).map(({ name }) => name))].sort();
const forget = (...boards) => Promise.all(boards.map((board) => board.page.evaluate(() => { window.moved = []; })));
const face = (board, card) => board.card(card).locator('> .mover');

story('a card that one person moves flies on both pages, its neighbours close and open the gap, the other sees whose hand it was', async (world) => {
  const { ana, path, a, b } = await shared(world, { reducedMotion: 'no-preference' });
  await a.chooseFromCardMenu('One', 'arrowRight');
  for (const board of [a, b]) {
    await board.shows([['To do', ['Two', 'Three', 'Four']], ['Done', ['One', 'Five']]]);
    await untilEqual('the card and its neighbours move', () => names(board), ['Five', 'Four', 'One', 'Three', 'Two']);
    const all = await moved(board);
    assert.ok(all.every(({ duration }) => duration === 180));
    assert.deepEqual([...new Set(all.flatMap(({ properties }) => properties))].sort(), ['opacity', 'transform'], 'nothing else is animated');
    assert.ok(all.some(({ name, isCopy }) => name === 'One' && isCopy), 'between lists it flies above the page');
  }
  await face(b, 'One').waitFor();
  assert.equal(await face(b, 'One').getAttribute('title'), 'Ana');
  assert.equal(await face(a, 'One').count(), 0, 'not one\'s own');
  await face(b, 'One').waitFor({ state: 'detached' });
  await until('the copies are gone', async () => await a.page.locator('.flightCopy').count() + await b.page.locator('.flightCopy').count() === 0);
  await forget(a, b);
  await b.chooseFromListMenu('To do', 'arrowRight');
  for (const board of [a, b]) await untilEqual('lists move, their cards with them', () => names(board), ['Done', 'To do']);
  await a.list('To do').locator('> .mover').waitFor();
  await a.equals(ana, path);
});

story('a dropped card comes from the hand, and the others make room while it is dragged', async (world) => {
  const { ana, path, a, b } = await shared(world, { reducedMotion: 'no-preference' });
  await a.dragCard('Four', { before: 'Two' });
  const expected = [['To do', ['One', 'Four', 'Two', 'Three']], ['Done', ['Five']]];
  for (const board of [a, b]) await board.shows(expected);
  await until('the card flies to its place', async () => (await moved(a)).some(({ name, isCopy, from }) => name === 'Four' && isCopy && from));
  assert.ok((await names(a)).includes('Two'), 'what was there has made room');
  await untilEqual('the other person sees it', () => names(b), ['Four', 'Three', 'Two']);
  await forget(a, b);
  await a.dragCard('One', { toEndOf: 'Done' });
  for (const board of [a, b]) await board.shows([['To do', ['Four', 'Two', 'Three']], ['Done', ['Five', 'One']]]);
  await forget(a, b);
  await a.dragList('Done', { before: 'To do' });
  for (const board of [a, b]) await board.shows([['Done', ['Five', 'One']], ['To do', ['Four', 'Two', 'Three']]]);
  await untilEqual('lists move for both', async () => [(await names(b)).sort(), (await names(a)).includes('To do')], [['Done', 'To do'], true]);
  await a.equals(ana, path);
});

story('a card that is moved from the keyboard goes step by step; with reduced motion nothing moves, and the face is there', async (world) => {
  const { ana, path, a, b } = await shared(world, { reducedMotion: 'no-preference' });
  await b.page.emulateMedia({ reducedMotion: 'reduce' });
  await a.card('One').locator('.cardTitle').focus();
  for (const key of ['Space', 'ArrowDown', 'Space']) await a.page.keyboard.press(key);
  for (const board of [a, b]) await board.shows([['To do', ['Two', 'One', 'Three', 'Four']], ['Done', ['Five']]]);
  await untilEqual('both change places', () => names(a), ['One', 'Two']);
  await face(b, 'One').waitFor();
  assert.deepEqual(await moved(b), []);
  await a.equals(ana, path);
});
