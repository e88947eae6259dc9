/** People without a role: what they see, and when they do not any more. */
import assert from 'node:assert/strict';
import { openBoard } from './lib/board.js';
import { story } from './lib/story.js';
import { untilEqual } from './lib/until.js';

/** Ana's public board, Dora who has an account, and a visitor who has none. */
async function publicBoard(world) {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  await ana.fill(path, { 'To do': ['One', 'Two'], Done: [] });
  const { project } = await ana.snapshot(path);
  const open = await ana.ask('change_project_visibility', { projectId: project.id, value: 'public' });
  assert.ok(open.ok, JSON.stringify(open));
  const dora = await world.member('Dora');
  const guest = await world.visitor('guest');
  return { ana, dora, guest, path, a: await ana.openBoard(path), d: await dora.openBoard(path), g: await openBoard(await guest.context.newPage(), path) };
}

story('readers with and without an account see changes at once, and their page closes when the board becomes private', async (world) => {
  const { a, d, g, path } = await publicBoard(world);
  world.excuse(/404/);
  await a.addCards('To do', 'Three');
  await a.dragCard('One', { toEndOf: 'Done' });
  for (const reader of [d, g]) {
    await reader.shows([['To do', ['Two', 'Three']], ['Done', ['One']]]);
    assert.equal(await reader.page.locator('cards-composer, lists-composer, .cardMenuButton, .boardInvite').count(), 0);
  }
  const lines = async ({ page }) => page.locator('#w-keysWin .keyList dt').evaluateAll((nodes) => nodes.map((node) => node.textContent.trim()));
  assert.deepEqual((await lines(d)).filter((key) => ['Enter', 'F', '?', 'N', 'C', 'Q', 'Ctrl+Z'].includes(key)), ['Enter', 'F', '?'], 'the sheet lists the keys of a reader');
  assert.deepEqual((await lines(a)).filter((key) => ['Enter', 'F', '?', 'N', 'C', 'Q', 'Ctrl+Z'].includes(key)), ['Enter', 'N', 'C', 'Ctrl+Z', 'F', 'Q', '?']);
  assert.equal(await g.page.locator('.boardNote a').getAttribute('href'), `/signup?continue=${path.replaceAll('/', '%2f')}`);
  assert.equal(await d.page.locator('.boardNote a').getAttribute('href'), '/Ana');
  const win = await a.openWindow('visibility');
  await win.locator('[value="private"]').check();
  await win.locator('[type="submit"]').click();
  for (const reader of [d, g]) {
    await reader.page.locator('.boardClosed').waitFor();
    assert.equal(await reader.page.locator('li.card').count(), 0);
  }
  assert.equal(await g.page.locator('.boardClosed a').first().getAttribute('href'), `/login?continue=${encodeURIComponent(path)}`);
});

story('a friend reads a board for friends as it changes; when the friendship ends the page closes at once', async (world) => {
  const [ana, dora, eve] = [await world.member('Ana'), await world.member('Dora'), await world.member('Eve')];
  await ana.post('/new-friend', { name: 'Dora' });
  await dora.post('/new-friend', { name: 'Ana' });
  const path = await ana.makeProject('party');
  await ana.fill(path, { 'To do': ['One'] });
  const { project } = await ana.snapshot(path);
  assert.equal((await dora.context.request.get(path)).status(), 404);
  const open = await ana.ask('change_project_visibility', { projectId: project.id, value: 'friends' });
  assert.ok(open.ok, JSON.stringify(open));
  const [a, d] = [await ana.openBoard(path), await dora.openBoard(path)];
  assert.equal((await eve.context.request.get(path)).status(), 404, 'who is no friend');
  await a.addCards('To do', 'Two');
  await d.shows([['To do', ['One', 'Two']]]);
  world.excuse(/404/);
  const profile = await ana.context.newPage();
  await profile.goto('/Dora');
  await profile.locator('[popovertarget=personMenu]').click();
  await profile.locator('#personMenu a[href="?removeFriend=1"]').click();
  await profile.locator('#w-removeFriend button[type=submit]').click();
  await d.page.locator('.boardClosed').waitFor();
  assert.equal(await d.page.locator('li.card').count(), 0);
  assert.equal((await dora.context.request.get(path)).status(), 404);
  await a.addCards('To do', 'Three');
});

story('a reader who joins in another tab can work on the page that is open', async (world) => {
  const { ana, dora, d, path } = await publicBoard(world);
  const { inviteAsAdminLink } = await ana.pageData(path);
  await dora.join(inviteAsAdminLink);
  await d.page.locator('cards-composer').first().waitFor();
  // The message about joining names the role too, and appears on whichever page loads first.
  await d.page.locator('.toast', { hasText: 'Your role here is now Can edit' }).waitFor();
  await d.isAwake();
  await d.addCards('Done', 'Mine');
  await untilEqual('Ana has it', async () => Object.values((await ana.snapshot(path)).project.lists).flatMap((list) => Object.values(list.cards)).length, 3);
});

story('a click on an avatar shows the member and filters by their cards', async (world) => {
  const { ana, path, a, g } = await publicBoard(world);
  const { project } = await ana.snapshot(path);
  const [[listId, { cards }]] = Object.entries(project.lists).filter(([, { name }]) => name === 'To do');
  const [id] = Object.keys(cards).filter((card) => cards[card].name === 'One');
  await ana.ask('edit_card', {
    projectId: project.id, id, listId, name: 'One', cardDesc: '', newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [],
    newMembers: Object.keys(project.members), removedMembers: [],
  });
  const face = (board) => board.card('One').locator('[data-face]');
  await face(g).hover();
  const popup = g.page.locator('.memberPopup');
  await popup.locator('a[href="/Ana"]').waitFor();
  await popup.locator('button').click();
  await g.card('Two').waitFor({ state: 'hidden' });
  assert.equal(await g.card('One').isVisible(), true);
  await face(a).waitFor();
  await a.card('One').locator('.cardTitle').focus();
  await a.page.keyboard.press('w');
  await a.page.locator('.memberPopup a:focus').waitFor();
  await a.page.keyboard.press('Escape');
  assert.match(await a.focused(), /"One"/);
});

story('on a phone dialogs are sheets, avatars open by tap, and the header can be hidden', async (world) => {
  const ana = await world.member('Ana', { locale: 'de-DE', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const path = await ana.makeProject('party');
  await ana.fill(path, { 'To do': ['One'] });
  const board = await ana.openBoard(path);
  for (const name of ['details', 'visibility', 'owner', 'invite', 'people', 'delete']) {
    const win = await board.openWindow(name);
    const { x, y, width, height } = await board.page.locator('dialog:modal').last().boundingBox();
    assert.deepEqual([x, width, Math.round(y + height)], [0, 360, 740], `${name} is a sheet`);
    await board.closeWindow();
    await win.waitFor({ state: 'hidden' });
  }
  await board.page.locator('.boardMenuButton').tap();
  await board.page.locator('#boardMenu [value="toggle-head"]').tap();
  await board.page.locator('.pageHeader').waitFor({ state: 'hidden' });
  await board.page.reload();
  await board.isAwake();
  assert.equal(await board.page.locator('.pageHeader').isVisible(), false, 'it stays away after a reload');
  const overflow = await board.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, 'the page is wider than the phone');
});
