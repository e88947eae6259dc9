/**
 * A program without one of its features, FEATURE, has no dead end: every page loads whole, every link leads somewhere, every
 * entry of every menu of a board does something. `make removal` runs this in a copy of the tree.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { story } from './lib/story.js';

const REACTION_TIMEOUT = 3000; // ms
const UPGRADE_TIMEOUT = 15_000; // ms

/** Problems of all pages, so that one run names all of them. */
const problems = new Set();

story(`no dead end without ${process.env.FEATURE}`, async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ben.post('/new-friend', { name: 'Ana' });
  await ana.fill(path, { 'To do': ['One', 'Two'], Doing: ['Three'] });
  const page = await ana.context.newPage();
  const broken = (response) => response.status() >= 400 && problems.add(`${response.status()} ${new URL(response.url()).pathname}`);
  page.on('response', broken);
  const seen = new Set();
  for (const address of ['/', '/new', '/new-friend', path]) await visit(page, address, seen);
  for (const menu of [boardMenu, cardMenu, listMenu]) await checkMenu(page, path, menu);
  page.off('response', broken);
  await followLinks(ana, seen);
  const guest = await world.visitor('Guest');
  const front = await guest.context.newPage();
  const links = new Set();
  for (const address of ['/', '/login', '/signup']) await visit(front, address, links);
  await followLinks(guest, links);
  assert.deepEqual([...problems], []);
});

/** Opens a page, waits until its elements work, and collects its links. */
async function visit(page, address, links) {
  await page.goto(address);
  const upgraded = () => !document.querySelector(':not(:defined)');
  await page.waitForFunction(upgraded, null, { timeout: UPGRADE_TIMEOUT }).catch(async () => {
    const tags = await page.evaluate(() => [...document.querySelectorAll(':not(:defined)')].map((node) => node.localName));
    problems.add(`${address} has elements without a script: ${[...new Set(tags)].join(', ')}`);
  });
  for (const link of await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => a.href))) {
    const url = new URL(link);
    if (url.origin === new URL(page.url()).origin) links.add(url.pathname + url.search);
  }
}

async function followLinks(person, links) {
  for (const link of links) {
    const answer = await person.context.request.get(link);
    if (answer.status() >= 400) problems.add(`a link to ${link} answers ${answer.status()}`);
  }
}

const boardMenu = {
  name: 'board',
  open: async (page) => page.locator('.boardMenuButton').click(),
};

const cardMenu = {
  name: 'card',
  open: async (page) => {
    const card = page.locator('li.card[data-card-id]').first();
    await card.hover();
    await card.locator('[data-part="menu"]').click();
  },
};

const listMenu = {
  name: 'list',
  open: async (page) => page.locator('li.list .listMenuButton:visible').first().click(),
};

/** Chooses every entry of a menu on a page that is loaded for it, and expects that something changes. */
async function checkMenu(page, path, { name, open }) {
  const entries = page.locator('.menu:popover-open .menuItem:not(a, [aria-disabled="true"], :disabled):visible');
  for (let index = 0; ; index += 1) {
    await page.goto(path);
    await page.locator('board-root[data-ready]').waitFor({ state: 'attached' });
    await open(page);
    const entry = entries.nth(index);
    if (await entries.count() <= index) return;
    const text = (await entry.textContent()).trim();
    await page.evaluate(() => {
      window.reactions = 0;
      const inMenu = (node) => (node.closest ? node : node.parentElement)?.closest('.menu') !== null;
      new MutationObserver((changes) => { window.reactions += changes.filter(({ target }) => !inMenu(target)).length; })
        .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true, attributeFilter: ['open', 'class', 'hidden', 'data-state'] });
    });
    await entry.click();
    const end = Date.now() + REACTION_TIMEOUT;
    let reacted = false;
    while (!reacted && Date.now() < end) {
      // A page that is being left has no answer.
      reacted = await page.evaluate(() => window.reactions !== 0).catch(() => true);
      if (!reacted) await pause(50);
    }
    if (!reacted) problems.add(`nothing happens on "${text}" of the menu of a ${name}`);
  }
}
