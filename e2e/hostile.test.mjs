/** What people type is text in every place that shows it: cards, windows, menus, messages, history, trash, revisions, search. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

const name = '<img src=x onerror=alert(1)>"\'&amp;';
const other = 'javascript:alert(1)//"><img src=x onerror=alert(2)>';
const desc = `${name}\n[x](javascript:alert(1)) https://example.org/"><img src=x onerror=alert(3)>`;

/** Says so in the console, which fails the story, whenever markup was made of a text, also for a moment. */
async function guard(person) {
  await person.context.addInitScript(() => {
    new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        for (const node of addedNodes) {
          const made = node.nodeType === Node.ELEMENT_NODE && (node.matches('img[src="x"]') ? node : node.querySelector('img[src="x"]'));
          // eslint-disable-next-line no-restricted-properties -- only read
          if (made) console.error(`markup was made of a text: ${made.parentElement?.outerHTML.slice(0, 300)}`);
        }
      }
    }).observe(document, { childList: true, subtree: true });
  });
}

story('a hostile name stays text in every dialog, menu and message', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await Promise.all([ana, ben].map(guard));
  const path = await ana.makeProject('board', desc.slice(0, 120));
  const { inviteAsAdminLink } = await ana.pageData(path);
  await ben.join(inviteAsAdminLink);
  await ana.fill(path, { [name]: [name, other, 'plain'], [other]: ['second'] });
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  const { page } = a;
  const { keyboard } = page;
  await a.shows([[name, [name, other, 'plain']], [other, ['second']]]);

  // A card's window: text, file, member; the other sees the change at once.
  const win = await a.openCard(name);
  await win.locator('input[type=file]').setInputFiles({ name: `${name.replaceAll('/', '')}.txt`, mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await win.locator('.fileRow a').first().waitFor();
  assert.match(await win.textContent(), /<img src=x/);
  await a.closeWindow();
  const { project } = await ana.snapshot(path);
  const [list] = Object.entries(project.lists).find(([, each]) => each.name === name);
  const [card] = Object.entries(project.lists[list].cards).find(([, each]) => each.name === name);
  const edit = { projectId: project.id, id: Number(card), name, cardDesc: desc, newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [], newMembers: [], removedMembers: [] };
  assert.ok((await ben.ask('edit_card', edit)).ok);
  assert.ok((await ben.ask('edit_card', { ...edit, cardDesc: `${desc} again` })).ok);
  const again = await b.openCard(name);
  await until('the description is shown', async () => (await again.textContent()).includes('again'));
  for (const href of await again.locator('a[href]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))) assert.doesNotMatch(href, /^javascript/i);
  const earlier = again.locator('revisions-list [data-target="opener"]').first();
  if (await earlier.count() > 0) await earlier.click();
  await b.closeWindow();
  const listWin = await b.openList(other);
  assert.match(await listWin.textContent() + await listWin.locator('input, textarea').evaluateAll((fields) => fields.map(({ value }) => value).join()), /javascript:alert/);
  await b.closeWindow();

  // Menus, and the window that moves: names of lists as choices.
  await a.chooseFromCardMenu(other, 'move');
  const move = page.locator('dialog:modal').last();
  await move.waitFor();
  assert.ok((await move.locator('option').allTextContents()).some((text) => text.includes('<img src=x')), 'the lists are offered by name');
  await a.closeWindow();

  // Messages: what was deleted and archived is named, and comes back.
  await a.chooseFromCardMenu(other, 'delete');
  await page.locator('.toast', { hasText: '<img src=x' }).first().waitFor();
  await keyboard.press('Control+z');
  await b.shows([[name, [name, other, 'plain']], [other, ['second']]]);
  await a.chooseFromListMenu(other, 'delete');
  await page.locator('.toast', { hasText: 'javascript:alert' }).first().waitFor();
  await b.shows([[name, [name, other, 'plain']]]);
  await a.card(other).locator('.cardTitle').focus();
  await keyboard.press('c');
  await b.shows([[name, [name, 'plain']]]);

  // Trash, archive, history and search.
  const trash = await b.openWindow('trash');
  await trash.locator('.trashItem', { hasText: 'javascript:alert' }).first().waitFor();
  await b.closeWindow();
  const archive = await b.openWindow('archive');
  await archive.locator('.trashItem', { hasText: '<img src=x' }).first().waitFor();
  await b.closeWindow();
  const history = await b.openWindow('history');
  await until('the history tells of it', async () => (await history.textContent()).includes('<img src=x'));
  await b.closeWindow();
  await a.openWindow('details');
  await a.closeWindow();
  if (await page.locator('search-bar').count() > 0) {
    await keyboard.press('/');
    await page.locator('.paletteInput').fill('onerror');
    await page.locator('.paletteItem', { hasText: '<img src=x' }).first().waitFor();
    await keyboard.press('Escape');
  }

  // A draft that is kept, and a page that is loaded anew with all of it.
  const field = await a.composer(name);
  await field.fill(name);
  await page.reload();
  await a.isAwake();
  await a.shows([[name, [name, 'plain']]]);
  for (const board of [a, b]) assert.equal(await board.page.locator('img[src="x"]').count(), 0);
});

story('one action is one change of the board and one message, on other screens too', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('board');
  const { inviteAsAdminLink } = await ana.pageData(path);
  await ben.join(inviteAsAdminLink);
  await ana.fill(path, { 'To do': ['One', 'Two', 'Three'], Doing: ['Four'] });
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  const all = [[['To do', ['One', 'Two', 'Three']], ['Doing', ['Four']]]];
  const records = [await a.recordShown(), await b.recordShown()];
  const messages = [await a.recordSeen('.toast'), await b.recordSeen('.toast')];
  const then = async (...board) => {
    all.push(board);
    await Promise.all([a, b].map((each) => each.shows(board)));
  };

  await a.dragCard('One', { toEndOf: 'Doing' });
  await then(['To do', ['Two', 'Three']], ['Doing', ['Four', 'One']]);
  await a.page.keyboard.press('Control+z');
  await then(['To do', ['One', 'Two', 'Three']], ['Doing', ['Four']]);
  await a.chooseFromCardMenu('Two', 'delete');
  await then(['To do', ['One', 'Three']], ['Doing', ['Four']]);
  await a.addCards('Doing', 'Five');
  await then(['To do', ['One', 'Three']], ['Doing', ['Four', 'Five']]);
  await a.chooseFromListMenu('To do', 'delete');
  await then(['Doing', ['Four', 'Five']]);
  await a.equals(ana, path);
  await b.equals(ben, path);
  for (const [index, shown] of records.entries()) assert.deepEqual(await shown(), all, `what person ${index + 1} was shown, in order`);
  assert.deepEqual(await messages[1](), { '.toast': 0 }, 'no message reports what other members do');
});
