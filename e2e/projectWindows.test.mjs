/** What an owner does with a project, and what other members see of it at that moment. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

/** Ana's board, Ben who may change it, Cleo who may look. */
async function team(world) {
  const [ana, ben, cleo] = [await world.member('Ana'), await world.member('Ben'), await world.member('Cleo')];
  const path = await ana.makeProject('party', 'In summer');
  const links = await ana.pageData(path);
  await ben.join(links.inviteAsAdminLink);
  await cleo.join(links.inviteLink);
  await ana.fill(path, { 'To do': ['One', 'Two'] });
  return { ana, ben, cleo, path, links };
}

const pathOf = (board) => new URL(board.page.url()).pathname;
const hasClosed = (win) => win.waitFor({ state: 'hidden' });

story('a new project name reaches all members and the address follows; an invalid one is explained and kept', async (world) => {
  const { ana, ben, path } = await team(world);
  await ana.makeProject('garden');
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  const win = await a.openWindow('details');
  const name = win.locator('[name="name"]');
  const note = win.locator('#detailsName-note');
  for (const bad of ['ab', 'has space', 'settings', 'garden']) {
    await name.fill(bad);
    await name.press('Enter');
    await until(`"${bad}" is refused`, async () => await name.getAttribute('aria-invalid') === 'true' && (await note.textContent()).length > 0);
    assert.equal(await name.inputValue(), bad);
  }
  await a.closeWindow();
  await a.page.reload();
  await a.isAwake();
  await a.openWindow('details');
  assert.equal(await name.inputValue(), 'garden', 'what was typed is still there after a reload');
  await name.fill('street-party');
  await win.locator('[name="title"]').fill('Street Party 🎉');
  await win.locator('[name="projectDesc"]').fill('');
  await name.press('Enter');
  await hasClosed(win);
  for (const board of [a, b]) {
    await untilEqual('the address has the new name', () => pathOf(board), '/Ana/street-party');
    await untilEqual('the head has it too', () => board.page.locator('.boardName').textContent(), 'Street Party 🎉');
    assert.match(await board.page.title(), /Street Party 🎉/);
    assert.equal(await board.page.locator('.boardDesc').isVisible(), false);
  }
});

story('unsaved text in one browser is not replaced by a save in another', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party', 'In summer');
  const elsewhere = await world.visitor('Ana');
  await elsewhere.logIn();
  const [a, b] = [await ana.openBoard(path), await elsewhere.openBoard(path)];
  const typing = await a.openWindow('details');
  await typing.locator('[name="name"]').fill('my-party');
  const saving = await b.openWindow('details');
  await saving.locator('[name="projectDesc"]').fill('In winter');
  await saving.locator('[type="submit"]').click();
  await hasClosed(saving);
  await untilEqual('the untouched field is up to date', () => typing.locator('[name="projectDesc"]').inputValue(), 'In winter');
  assert.equal(await typing.locator('[name="name"]').inputValue(), 'my-party');
  await typing.locator('[data-part="notice"]').waitFor();
});

story('a new role changes the member\'s page at once, and all lists of members', async (world) => {
  const { ana, ben, cleo, path } = await team(world);
  const [a, b, c] = [await ana.openBoard(path), await ben.openBoard(path), await cleo.openBoard(path)];
  const field = await b.composer('To do');
  await field.fill('typed before the role changed');
  const seen = await c.openWindow('people');
  const win = await a.openWindow('people');
  await win.locator('.person', { hasText: 'Ben' }).locator('.personRole').click();
  await a.page.locator('.menu:popover-open [role="menuitemradio"]').nth(1).click();
  await b.page.locator('.boardMark').waitFor();
  assert.equal(await b.page.locator('lists-composer').count(), 0);
  await b.page.locator('.toast', { hasText: 'Can view' }).waitFor();
  await seen.locator('.person', { hasText: 'Ben' }).locator('text=Can view').waitFor();
  await win.locator('.person', { hasText: 'Ben' }).locator('.personRole').click();
  await a.page.locator('.menu:popover-open [role="menuitemradio"]').nth(0).click();
  await b.page.locator('lists-composer').waitFor();
  await b.isAwake();
  assert.equal(await (await b.composer('To do')).inputValue(), 'typed before the role changed');
});

story('a removed member lands on the start page and cannot return by the old link', async (world) => {
  const { ana, ben, cleo, path, links } = await team(world);
  const [a, b, c] = [await ana.openBoard(path), await ben.openBoard(path), await cleo.openBoard(path)];
  world.excuse(/404/);
  const win = await a.openWindow('people');
  await win.locator('.person', { hasText: 'Ben' }).locator('.personRole').click();
  await a.page.locator('.menu:popover-open .menuItem-danger').click();
  await a.confirm();
  await b.page.waitForURL((url) => url.pathname === '/');
  await b.page.locator('.toast', { hasText: 'party' }).waitFor();
  await win.locator('.person', { hasText: 'Ben' }).waitFor({ state: 'detached' });
  assert.equal((await ben.context.request.get(path)).status(), 404);
  assert.equal((await ben.context.request.get(new URL(links.inviteAsAdminLink).pathname)).status(), 404);
  await c.chooseFromBoardMenu('open-leave');
  await c.page.locator('dialog[role="alertdialog"]:modal .dialogFoot .btn').first().click();
  await c.page.waitForURL((url) => url.pathname === '/');
  await c.page.locator('.toast', { hasText: 'party' }).waitFor();
  await untilEqual('Ana is alone', () => win.locator('.person').count(), 1);
});

story('a friend is added from the list; a person who is no friend is refused with a reason', async (world) => {
  const { ana, path } = await team(world);
  const dora = await world.member('Dora');
  await ana.post('/new-friend', { name: 'Dora' });
  await dora.post('/new-friend', { name: 'Ana' });
  const a = await ana.openBoard(path);
  const win = (await a.openWindow('invite')).locator('projects-friend');
  await win.locator('[name="friendNameOrEmail"]').fill('nobody-at-all');
  await win.locator('[type="submit"]').click();
  await win.locator('.fieldNote-error').waitFor();
  assert.equal(await win.locator('[name="friendNameOrEmail"]').inputValue(), 'nobody-at-all');
  await win.locator('[name="friendNameOrEmail"]').fill('do');
  await win.locator('.suggestion', { hasText: 'Dora' }).click();
  await win.locator('[name="role"]').selectOption('admin');
  await win.locator('[type="submit"]').click();
  await a.page.locator('.toast', { hasText: 'Dora' }).waitFor();
  await a.closeWindow();
  const people = await a.openWindow('people');
  await people.locator('.person', { hasText: 'Dora' }).locator('.personRole', { hasText: 'Can edit' }).waitFor();
  assert.equal((await dora.snapshot(path)).role, 'admin');
});

story('a project is transferred: the new owner manages it, the old one stays an admin', async (world) => {
  const { ana, ben, path } = await team(world);
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  const win = await a.openWindow('owner');
  await win.locator('.choice', { hasText: 'Ben' }).click();
  await win.locator('[type="submit"]').click();
  await a.page.waitForURL('**/Ben/party');
  await b.page.waitForURL('**/Ben/party');
  await b.page.locator('.boardInvite').waitFor();
  await a.isAwake();
  await a.page.locator('.boardInvite').waitFor({ state: 'detached' });
  await a.addCards('To do', 'Three');
  await b.shows([['To do', ['One', 'Two', 'Three']]]);
});

story('an open list of members follows a transfer of ownership', async (world) => {
  const { ana, cleo, path } = await team(world);
  const [a, c] = [await ana.openBoard(path), await cleo.openBoard(path)];
  const seen = await c.openWindow('people');
  const roleOf = (name) => seen.locator('.person', { hasText: name }).locator('.tag, .muted.small').last();
  await untilEqual('Ana owns it', async () => [await roleOf('Ana').textContent(), await roleOf('Ben').textContent()], ['Owner', 'Can edit']);
  const win = await a.openWindow('owner');
  await win.locator('.choice', { hasText: 'Ben' }).click();
  await win.locator('[type="submit"]').click();
  await untilEqual('Ben owns it', async () => [await roleOf('Ana').textContent(), await roleOf('Ben').textContent()], ['Can edit', 'Owner']);
  await c.page.waitForURL('**/Ben/party?settings=people');
  assert.equal(await seen.isVisible(), true, 'the window stayed open');
  await a.page.waitForURL('**/Ben/party');
  await a.page.locator('board-connection[data-state="online"]').waitFor({ state: 'attached' });
});

story('a project is deleted by typing its name; open boards say so', async (world) => {
  const { ana, ben, path } = await team(world);
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  await b.openCard('One');
  const win = await a.openWindow('delete');
  const main = win.locator('[type="submit"]');
  await win.locator('[name="confirmName"]').fill('Party');
  assert.equal(await main.isDisabled(), true);
  await win.locator('[name="confirmName"]').fill('party');
  await main.click();
  await a.page.waitForURL((url) => url.pathname === '/');
  await a.page.locator('.toast', { hasText: 'party' }).waitFor();
  assert.equal(await a.page.locator('.tile').count(), 0);
  await b.page.locator('.boardClosed').waitFor();
  assert.equal(await b.page.locator('dialog[open], .boardMenuButton').count(), 0);
  await b.page.locator('.boardClosed a').click();
  await b.page.waitForURL((url) => url.pathname === '/');
});

for (const { name, ...look } of [
  { name: 'light, English, desktop', colorScheme: 'light' },
  { name: 'dark, German, phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
]) {
  story(`a deleted project is restored from the settings, with its cards, for all its members (${name})`, async (world) => {
    const [ana, ben] = [await world.member('Ana', look), await world.member('Ben', look)];
    const path = await ana.makeProject('party');
    await ben.join((await ana.pageData(path)).inviteAsAdminLink);
    await ana.fill(path, { 'To do': ['One'] });
    await ana.ask('delete_project', { id: (await ana.pageData(path)).project.id, confirmName: 'party' });
    assert.equal((await ben.context.request.get(path)).status(), 404);
    const page = await ana.context.newPage();
    await page.goto(`/${ana.name}/settings`);
    await page.locator('a[href="/trash"]').click();
    await page.locator('.settingsRow', { hasText: 'party' }).waitFor();
    await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
    await assertAccessible(page, { name });
    await mkdir(join(artifacts, 'screens'), { recursive: true });
    await page.screenshot({ path: join(artifacts, 'screens', `deleted-projects-${look.locale ?? 'en'}.png`) });
    const [deleted, ends] = await page.locator('.settingsRow time').allTextContents();
    assert.notEqual(ends, deleted, 'it says until when');
    await page.locator('form[action="/trash"] button').click();
    await page.locator('.toast', { hasText: 'party' }).waitFor();
    await (await ben.openBoard(path)).card('One').waitFor();
  });
}

story('a dialog whose script cannot load says so, and opens after a reconnect', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  const a = await ana.openBoard(path);
  world.excuse(/ERR_INTERNET_DISCONNECTED|could not be loaded/);
  await a.keepMessages();
  await ana.context.setOffline(true);
  await a.chooseFromBoardMenu('open-settings');
  await a.page.locator('.toast').waitFor();
  await ana.context.setOffline(false);
  await until('the network is back', async () => (await a.bar.textContent()).trim() === '' || await a.bar.getAttribute('data-state') === 'back');
  await a.openWindow('visibility');
});

story('an invitation link is copied, switched off and renewed; the old one is invalid', async (world) => {
  const { ana, path, links } = await team(world);
  const dora = await world.member('Dora', { permissions: ['clipboard-read', 'clipboard-write'] });
  world.excuse(/404/);
  const a = await ana.openBoard(path);
  const win = await a.openWindow('invite');
  const reader = win.locator('.inviteLink[data-role="access-only"]');
  const answerTo = async (link) => (await dora.context.request.get(new URL(link).pathname)).status();
  assert.equal(await reader.locator('[data-part="text"]').inputValue(), links.inviteLink);
  await reader.locator('.switch').click();
  await until('the link is dead', async () => await answerTo(links.inviteLink) === 404);
  await untilEqual('it cannot be copied', () => reader.locator('[data-part="copy"]').isDisabled(), true);
  await reader.locator('.switch').click();
  await until('the link lives again', async () => await answerTo(links.inviteLink) === 200);
  await reader.locator('[data-part="renew"]').click();
  await a.confirm();
  const link = await until('there is a new link', async () => {
    const shown = await reader.locator('[data-part="text"]').inputValue();
    return shown !== links.inviteLink && shown;
  });
  assert.equal(await answerTo(links.inviteLink), 404);
  assert.equal(await answerTo(link), 200);
  await dora.join(link);
  await a.closeWindow();
  const people = await a.openWindow('people');
  await people.locator('.person', { hasText: 'Dora' }).waitFor();
});
