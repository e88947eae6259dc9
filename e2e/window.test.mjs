/** The windows of cards and lists: Markdown, drafts that are seen from outside, the address, everything by keyboard. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** Ana's board, open on two screens; Ben may change it. */
async function shared(world, lists, options) {
  const ana = await world.member('Ana', options);
  const ben = await world.member('Ben', options);
  const path = await ana.makeProject('party');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(path, lists);
  return { ana, ben, path, a: await ana.openBoard(path), b: await ben.openBoard(path) };
}

const desc = (win) => win.locator('ui-inplace[data-target="desc"]');
const shown = (win) => desc(win).locator('[data-target="text"]');
const field = (win) => desc(win).locator('textarea');

/** The structure of what is shown: `h4(Plan) p(a strong(b))`. */
const structure = (place) => place.evaluate((node) => {
  const short = (parent) => [...parent.childNodes].map((child) => (child.nodeType === Node.TEXT_NODE ? child.data : `${child.localName}${child.checked ? '+' : ''}(${short(child)})`)).join('');
  return short(node);
});

for (const [place, options] of [['desktop', {}], ['phone, in German', { ...phone, locale: 'de-DE' }]]) {
  story(`a description is Markdown, for everyone at once (${place})`, async (world) => {
    const { ana, path, a, b } = await shared(world, { 'To do': ['One'] }, options);
    const anas = await a.openCard('One');
    const bens = await b.openCard('One');
    await desc(anas).locator('[data-target="empty"]').click();
    await field(anas).fill('# Plan\nwith **all**\nof [you](https://example.org)\n\n- [ ] room\n- [x] cake');
    await desc(anas).locator('[data-target="previewer"]').click();
    const preview = desc(anas).locator('[data-target="preview"]');
    const expected = 'h4(Plan)p(with strong(all)\nof a(you))ul(li(input()div(p(room)))li(input+()div(p(cake))))';
    await untilEqual('the preview shows it', () => structure(preview), expected);
    assert.equal(await preview.locator('input').first().isDisabled(), true);
    await desc(anas).locator('[data-target="previewer"]').click();
    assert.equal(await field(anas).evaluate((node) => node === document.activeElement), true, 'the field has the focus again');
    await field(anas).press('Control+Enter');
    for (const win of [anas, bens]) await untilEqual('both see it', () => structure(shown(win)), expected);
    assert.deepEqual(await shown(bens).locator('a').evaluate(({ href, target, rel }) => [href, target, rel]), ['https://example.org/', '_blank', 'noopener noreferrer nofollow']);

    await shown(bens).locator('input').first().focus();
    await b.page.keyboard.press('Space');
    await untilEqual('Ana sees that it is done', () => structure(shown(anas)), expected.replace('input()', 'input+()'));
    await until('the focus stays on the task', () => shown(bens).locator('input').first().evaluate((node) => node === document.activeElement));
    await shown(anas).locator('input').last().click();
    await untilEqual('Ben sees it', () => structure(shown(bens)), 'h4(Plan)p(with strong(all)\nof a(you))ul(li(input+()div(p(room)))li(input()div(p(cake))))');
    const { project } = await ana.snapshot(path);
    await untilEqual('the text is stored as it was typed', async () => Object.values(Object.values((await ana.snapshot(path)).project.lists)[0].cards)[0].cardDesc,
      '# Plan\nwith **all**\nof [you](https://example.org)\n\n- [x] room\n- [ ] cake');
    assert.ok(project);

    await a.closeWindow();
    const listWin = await a.openList('To do');
    await desc(listWin).locator('[data-target="empty"]').click();
    await field(listWin).fill('> quote');
    await field(listWin).press('Control+Enter');
    await untilEqual('lists, too', () => structure(shown(listWin)), 'blockquote(p(quote))');
  });
}

story('a text without markup looks as it was typed, also from a client 2.x', async (world) => {
  const { ana, path, a } = await shared(world, { 'To do': ['One'] });
  const typed = 'Shopping:\n   milk\n   eggs, 2 * 6\n\n\nC:\\new \\\\server\\share\n<b>not bold</b> &amp; snake_case_name';
  const { project } = await ana.snapshot(path);
  const [[listId, list]] = Object.entries(project.lists);
  const [id] = Object.keys(list.cards);
  await ana.ask('edit_card', {
    projectId: project.id, listId: Number(listId), id: Number(id), name: 'One', cardDesc: typed, newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [], newMembers: [], removedMembers: [],
  });
  const win = await a.openCard('One');
  await untilEqual('every line is there', async () => (await shown(win).innerText()).split('\n').filter(Boolean), typed.split('\n').filter(Boolean));
  await until('it is parsed', () => shown(win).locator('p').first().isVisible());
  assert.deepEqual((await shown(win).innerText()).split('\n').filter(Boolean), typed.split('\n').filter(Boolean));
  assert.equal(await shown(win).locator('b, em, i').count(), 0);
});

story('hostile Markdown is text', async (world) => {
  const { a, b } = await shared(world, { 'To do': ['One'] });
  world.excuse(/Content Security Policy/);
  const hostile = ['<img src=x onerror="window.hacked=1">', '[a](javascript:window.hacked=1)', '<javascript:alert(1)>', '![x](https://example.org/x.png)', '[b](data:text/html,x)', '[c](//evil.example)', '`<script>window.hacked=1</script>`',
    '- [ ] <svg onload=window.hacked=1>', '[d]: javascript:window.hacked=1', '[d]', '[e](https://example.org/"onclick="window.hacked=1)'].join('\n');
  const anas = await a.openCard('One');
  await desc(anas).locator('[data-target="empty"]').click();
  await field(anas).fill(hostile);
  await field(anas).press('Control+Enter');
  const bens = await b.openCard('One');
  for (const win of [anas, bens]) {
    await shown(win).locator('.mdTask').waitFor();
    assert.equal(await shown(win).locator('img, script, svg, iframe, [onclick], [onerror], [onload]').count(), 0);
    for (const href of await shown(win).locator('a').evaluateAll((links) => links.map(({ href: address }) => address))) assert.match(href, /^https:\/\/example\.org\//);
    assert.match(await shown(win).textContent(), /onerror.*javascript:window\.hacked=1/s);
    assert.equal(await win.page().evaluate(() => window.hacked), undefined);
  }
});

story('an unsaved text is seen on its card and its list, in other tabs and after a reload, until it is saved or discarded', async (world) => {
  const { ana, path, a, b } = await shared(world, { 'To do': ['One', 'Two'] });
  const other = await ana.openBoard(path);
  const marks = (board) => board.page.evaluate(() => [...document.querySelectorAll('[data-part="unsaved"]:not([hidden])')].map((node) => (node.closest('[data-card-id]') ?? node.closest('[data-list-id]')).querySelector('[data-part="name"]').textContent));
  const win = await a.openCard('One');
  await desc(win).locator('[data-target="empty"]').click();
  await field(win).fill('half a thought');
  await field(win).press('Escape');
  await desc(win).locator('[data-target="kept"] .tag').waitFor();
  await a.page.keyboard.press('Escape');
  await win.waitFor({ state: 'hidden' });
  for (const board of [a, other]) await untilEqual('the card says it', () => marks(board), ['One']);
  assert.equal(await a.card('One').locator('[data-part="unsaved"]').isVisible(), true);
  const listWin = await a.openList('To do');
  await desc(listWin).locator('[data-target="empty"]').click();
  await field(listWin).fill('a list');
  await field(listWin).press('Escape');
  await a.page.keyboard.press('Escape');
  await listWin.waitFor({ state: 'hidden' });
  await until('the address is that of the board', () => new URL(a.page.url()).search === '');
  await a.page.reload();
  await a.isAwake();
  for (const board of [a, other]) await untilEqual('both say it', () => marks(board), ['To do', 'One']);
  assert.deepEqual(await marks(b), [], 'others do not see it');

  await a.openCard('One');
  await untilEqual('the draft is there', () => field(win).inputValue(), 'half a thought');
  await field(win).press('Control+Enter');
  await a.closeWindow();
  for (const board of [a, other]) await untilEqual('one is saved', () => marks(board), ['To do']);
  await a.openList('To do');
  await field(listWin).press('Escape');
  await desc(listWin).locator('[data-action="click:discard"]').click();
  for (const board of [a, other]) await untilEqual('the other is discarded', () => marks(board), []);
});

story('the window has an address, closes with Back, and gives the focus back to its card, by keyboard alone', async (world) => {
  const { a, b } = await shared(world, { 'To do': ['One', 'Two'] });
  const { page } = a;
  const { keyboard } = page;
  const win = page.locator('#w-cardWin');
  await a.card('Two').locator('.cardTitle').focus();
  await keyboard.press('Enter');
  await win.waitFor();
  const address = new URL(page.url());
  assert.match(address.search, /^\?card=\d+$/);
  await page.goBack();
  await win.waitFor({ state: 'hidden' });
  assert.equal(new URL(page.url()).search, '');
  await until('its card has the focus', async () => (await a.focused()).includes('"Two"'));
  await page.goForward();
  await win.waitFor();
  await keyboard.press('Escape');
  await win.waitFor({ state: 'hidden' });
  await untilEqual('the address is that of the board', () => new URL(page.url()).search, '');

  // The description, the members, a move and the archive, without a mouse.
  await a.card('Two').locator('.cardTitle').focus();
  await keyboard.press('Enter');
  await win.waitFor();
  const tabTo = async (selector) => {
    for (let step = 0; step < 40; step += 1) {
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
      await keyboard.press('Tab');
    }
    assert.fail(`Tab does not reach ${selector}`);
  };
  await tabTo('[data-target="desc"] [data-target="opener"]');
  await keyboard.press('Enter');
  await keyboard.type('typed');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await untilEqual('it is saved', () => shown(win).textContent(), 'typed');
  await tabTo('.memberPicker summary');
  await keyboard.press('Enter');
  await tabTo('.memberChoice input');
  await keyboard.press('Space');
  await untilEqual('Ana is on the card', () => win.locator('.personChip').count(), 1);
  assert.deepEqual(await win.locator('.railActions button').evaluateAll((buttons) => buttons.map(({ value }) => value)), ['move', 'copy', 'link', 'archive', 'delete']);
  await tabTo('.railActions [value="archive"]');
  await keyboard.press('Enter');
  await win.waitFor({ state: 'hidden' });
  for (const board of [a, b]) await board.shows([['To do', ['One']]]);
  await keyboard.press('Control+z');
  for (const board of [a, b]) await board.shows([['To do', ['One', 'Two']]]);

  // A new tab with the address, and a card that another member deletes meanwhile.
  const tab = await page.context().newPage();
  await tab.goto(address.href);
  await tab.locator('#w-cardWin[open]').waitFor();
  await untilEqual('it is the card', () => tab.locator('#w-cardWin h2').textContent(), 'Two');
  await b.chooseFromCardMenu('Two', 'delete');
  await tab.locator('#w-cardWin').waitFor({ state: 'hidden' });
  await untilEqual('the address is that of the board', () => new URL(tab.url()).search, '');
});

story('a card shows its own activity, live and in parts, to those who may read the history', async (world) => {
  const { ana, ben, path, a, b } = await shared(world, { 'To do': ['One', 'Two'], Done: [] });
  const { project } = await ana.snapshot(path);
  const [[listId, list]] = Object.entries(project.lists).filter(([, { name }]) => name === 'To do');
  const idOf = (name) => Number(Object.entries(list.cards).find(([, card]) => card.name === name)[0]);
  const rename = (person, id, name) => person.ask('edit_card', {
    projectId: project.id, listId: Number(listId), id, name, cardDesc: '', newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [], newMembers: [], removedMembers: [],
  });
  const anas = await a.openCard('One');
  const entries = (win) => win.locator('history-activity .historyText > :first-child').allTextContents();
  await untilEqual('its beginning', () => entries(anas), ['Ana added this card to “To do”.']);
  await rename(ben, idOf('Two'), 'Second');
  await rename(ben, idOf('One'), 'First');
  const renamed = 'Ben renamed this card from “One” to “First”.';
  await untilEqual('what Ben did to this one', () => entries(anas), [renamed, 'Ana added this card to “To do”.']);
  await b.dragCard('First', { toEndOf: 'Done' });
  await untilEqual('the move, too', () => entries(anas), ['Ben moved this card from “To do” to “Done”.', renamed, 'Ana added this card to “To do”.']);
  await a.closeWindow();
  for (let count = 1; count <= 9; count += 1) await rename(ana, idOf('Two'), `Second ${count}`);
  await a.openCard('Second 9');
  await untilEqual('the newest ten', () => entries(anas), Array.from({ length: 9 }, (_, index) => `Ana renamed this card from “Second${index === 8 ? '' : ` ${8 - index}`}” to “Second ${9 - index}”.`)
    .concat('Ben renamed this card from “Two” to “Second”.'));
  await anas.locator('history-activity [data-target="more"]').click();
  await untilEqual('and what was before', async () => (await entries(anas)).slice(10), ['Ana added this card to “To do”.']);
  assert.equal(await anas.locator('history-activity [data-target="more"]').isVisible(), false);
  await a.closeWindow();

  world.excuse(/ERR_INTERNET_DISCONNECTED/);
  await ana.context.setOffline(true);
  await a.openCard('First');
  await until('it says that it could not be loaded', async () => (await anas.locator('history-activity [data-target="said"]').textContent()) !== '');
  assert.deepEqual(await entries(anas), [], 'nothing of the card before');
  await ana.context.setOffline(false);
  await rename(ben, idOf('One'), 'First of all');
  await until('it is loaded once something happens', async () => (await entries(anas)).length === 4);

  // A public board: a visitor sees cards, and no history.
  await ana.post('/new', { name: 'public', desc: '' });
  await ana.fill('/Ana/public', { Here: ['Seen'] });
  const cleo = await world.visitor('Cleo');
  const c = await cleo.openBoard('/Ana/public');
  const visitors = await c.openCard('Seen');
  assert.equal(await visitors.locator('history-activity').count(), 0);
  assert.equal(await visitors.locator('.railActions, [data-target="opener"]:visible').count(), 0);
});
