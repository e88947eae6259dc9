/**
 * The scripts of a board arrive in any order. Each in turn is held back until all others have come and the page has been
 * without it for a second: the board then ends in the same state as ever.
 */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { openBoard } from './lib/board.js';
import { lasting, until, untilEqual } from './lib/until.js';

const AT_ONCE = 3; // pages

/** A board with everything that scripts fill in: a filter, an open window, a draft, another member who is present, a badge. */
async function lively(world) {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const chloe = await world.member('Chloe');
  const path = await ana.makeProject('party', 'With cake');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(path, { 'To do': ['One', 'Two'], Doing: ['Three'], Done: [] });
  await chloe.post('/new-friend', { name: 'Ana' });
  await ben.openBoard(path);
  const { project } = await ana.snapshot(path);
  const [listId] = Object.entries(project.lists).find(([, { name }]) => name === 'Doing');
  return { ana, path, listId };
}

story('the board ends in the same state in whatever order its scripts arrive', async (world) => {
  const { ana, path, listId } = await lively(world);
  const address = `${path}?q=o&list=${listId}`;
  const first = await ana.context.newPage();
  const scripts = new Set();
  first.on('request', (request) => request.resourceType() === 'script' && scripts.add(new URL(request.url()).pathname));
  await openBoard(first, path);
  const composer = first.locator('cards-composer').last();
  await composer.locator('[data-target="opener"]').click();
  await composer.locator('textarea').fill('not finished');
  await first.goto(address);
  const expected = await settled(first);
  await first.close();
  // A draft is handed to the next page of a browser only, so each of those that go on at once has a browser of its own.
  const storageState = await ana.context.storageState();
  for (const part of [/"connection":"online"/, /"open":\["w-listWin"\]/, /not finished/, /avatar-here.*avatar-here/]) assert.match(expected, part);

  // The first of all brings the others; without it nothing moves.
  const late = [...scripts].filter((script) => !/\/app\.[A-Z0-9]+\.js$/.test(script));
  assert.ok(late.length > 5, `scripts: ${late}`);
  await Promise.all(Array.from({ length: AT_ONCE }, async (_, number) => {
    const again = await world.visitor(`Ana ${number}`, { storageState });
    for (let script = late.shift(); script; script = late.shift()) await arrivesLast(again, address, script, expected);
  }));
});

async function arrivesLast(ana, address, script, expected) {
  const page = await ana.context.newPage();
  const here = new Set();
  page.on('requestfinished', (request) => here.add(new URL(request.url()).pathname));
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route((url) => url.pathname === script, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => document.readyState !== 'loading');
  // What is imported by the one that is held cannot have come.
  await until('the others do not move any more', async () => {
    const before = here.size;
    await lasting(1);
    return here.size === before;
  });
  release();
  await untilEqual(`with ${script} last the board is as ever`, async () => difference(expected, await digest(page)), null);
  await page.close();
}

async function settled(page) {
  let before = null;
  await openBoard(page);
  await page.locator('board-connection[data-state="online"]').waitFor({ state: 'attached' });
  await page.locator('.boardFaces .avatar-here').nth(1).waitFor();
  return until('the page rests', async () => {
    const now = await digest(page);
    const rests = now === before;
    before = now;
    await lasting(0.3);
    return rests && now;
  });
}

/** The first difference of two texts, with what is around it; null if there is none. */
function difference(expected, actual) {
  if (expected === actual) return null;
  let at = 0;
  while (expected[at] === actual[at]) at += 1;
  return [expected, actual].map((text) => text.slice(Math.max(0, at - 100), at + 100));
}

/** What a person sees and can use, without what differs from one load to the next. */
function digest(page) {
  return page.evaluate(() => {
    const clone = document.body.cloneNode(true);
    const fields = [...document.querySelectorAll('input, textarea, select')].map((field) => [field.value, field.checked, field.disabled]);
    for (const node of clone.querySelectorAll('script, .toasts, template')) node.remove();
    for (const node of clone.querySelectorAll('time')) node.replaceChildren(); // it goes on
    for (const node of clone.querySelectorAll('*')) {
      node.removeAttribute('style');
      for (const { name, value } of [...node.attributes]) node.setAttribute(name, value.replace(/-\d+$/, (number) => (/^[a-z]-/.test(value) ? number : '')));
    }
    return JSON.stringify({
      title: document.title, address: location.pathname + location.search, undefined: [...document.querySelectorAll(':not(:defined)')].map(({ localName }) => localName),
      connection: document.querySelector('board-connection')?.dataset.state, open: [...document.querySelectorAll('dialog[open]')].map(({ id }) => id),
      fields, html: clone.getHTML().replaceAll(/\s+/g, ' '),
    });
  });
}
