/** By a link to where it leads, without an account or without being logged in: it says what it is for, and leads back. */
import assert from 'node:assert/strict';
import { openBoard } from './lib/board.js';
import { password } from './lib/person.js';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

const WAITING = /\/verify-email\//;

const members = async (person, path) => Object.values((await person.snapshot(path)).project.members).map(({ name, role }) => `${name}: ${role}`).sort();

async function fillSignUp(page, { name, email }) {
  await page.locator('[name=username]').fill(name);
  if (email) await page.locator('[name=useremail]').fill(email);
  await page.locator('[name=password]').fill(password);
  await page.locator('[name=password_confirm]').fill(password);
  await page.locator('.formBox button[type=submit]').click();
}

story('from an invitation to its board in four screens, for a newcomer on a phone', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party', 'Cake and <b>balloons</b>');
  await ana.fill(path, { 'To do': ['Secret one', 'Secret two'], Done: [] });
  const link = new URL((await ana.pageData(path)).inviteAsAdminLink).pathname;
  const ben = await world.visitor('Ben', { viewport: { width: 360, height: 740 }, hasTouch: true });
  const page = await ben.context.newPage();
  const screens = [];
  page.on('framenavigated', (frame) => frame === page.mainFrame() && screens.push(new URL(frame.url()).pathname.split('/')[1]));
  await page.goto(link);
  const text = await page.locator('main').innerText();
  for (const part of ['Ana invites you to party', 'Cake and <b>balloons</b>', '2 lists', '2 cards', '1 member', 'Can edit']) assert.ok(text.includes(part), `${part}: ${text}`);
  assert.doesNotMatch(await page.content(), /Secret|To do/, 'no text of the board');
  assert.equal(await page.locator('.inviteList').count(), 2);
  assert.deepEqual(await members(ana, path), ['Ana: owner'], 'looking is not joining');
  await page.locator('main a[href^="/signup"]').click();
  assert.match(await page.locator('.greeting').textContent(), /Ana invites you to party/);
  await fillSignUp(page, ben);
  await page.waitForURL(WAITING);
  await page.locator('[name=code]').fill((await ben.verification()).code);
  await page.locator('.formBox button[type=submit]').first().click();
  await page.waitForURL(`**${path}`);
  assert.deepEqual(screens, ['invite', 'signup', 'verify-email', 'Ana']);
  await page.locator('.toast', { hasText: 'You can edit' }).waitFor();
  assert.deepEqual(await members(ana, path), ['Ana: owner', 'Ben: admin']);
});

story('the tab that waits for the code goes on by itself, and the tab of the mail is on the board, too', async (world) => {
  world.excuse(/404/); // the waiting tab finds that its code is used up
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  const link = new URL((await ana.pageData(path)).inviteLink).pathname;
  const ben = await world.visitor('Ben', { locale: 'de-DE' });
  const page = await ben.context.newPage();
  await page.goto(link);
  await page.getByText('Kann ansehen').waitFor();
  await page.locator('main a[href^="/signup"]').click();
  await fillSignUp(page, ben);
  await page.waitForURL(WAITING);
  const mail = await ben.context.newPage();
  const [, address] = (await world.server.mailTo(ben.email)).match(/(\/verify-email\/\S+)/);
  await mail.goto(address);
  await mail.locator('.formBox button[type=submit]').first().click();
  await mail.waitForURL(`**${path}`);
  await page.bringToFront();
  await page.waitForURL(`**${path}`);
  assert.deepEqual(await members(ana, path), ['Ana: owner', 'Ben: access-only']);
});

story('a link that is switched off, replaced or unknown says so; another account can be used; a member goes to the board', async (world) => {
  world.excuse(/404/);
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  const { inviteLink, inviteAsAdminLink, project } = await ana.pageData(path);
  const [reader, admin] = [inviteLink, inviteAsAdminLink].map((url) => new URL(url).pathname);
  const ben = await world.member('Ben');
  const cleo = await world.member('Cleo');
  const page = await ben.context.newPage();
  await page.goto(reader);
  await page.getByText("You’re logged in as Ben.").waitFor();
  await page.getByRole('button', { name: 'Use another account' }).click();
  await page.waitForURL(`**${reader}`);
  await page.locator('main a[href^="/login"]').click();
  await page.locator('[name=username]').fill('Cleo');
  await page.locator('[name=password]').fill(password);
  await page.locator('.formBox button[type=submit]').click();
  await page.waitForURL(`**${reader}`);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.waitForURL(`**${path}`);
  assert.deepEqual(await members(ana, path), ['Ana: owner', 'Cleo: access-only']);
  await page.goto(admin);
  await page.waitForURL(`**${path}`);
  assert.deepEqual(await members(ana, path), ['Ana: owner', 'Cleo: access-only'], 'a second link changes nothing');

  // A page that was opened in time, but whose button comes too late.
  const late = await (await world.member('Dora')).context.newPage();
  await late.goto(admin);
  await ana.ask('switch_invite_link', { projectId: project.id, role: 'admin', on: false });
  await ana.ask('renew_invite_link', { projectId: project.id, role: 'access-only' });
  await late.getByRole('button', { name: 'Join' }).click();
  await late.getByText('This link has been turned off.').waitFor();
  const visitor = await world.visitor('Eve');
  const ended = await visitor.context.newPage();
  for (const [address, why] of [[admin, /has been turned off/], [reader, /replaced by a new one/], [`/invite/${'x'.repeat(22)}`, /replaced by a new one/]]) {
    const answer = await ended.goto(address);
    const text = await ended.locator('main').innerText();
    assert.equal(answer.status(), 404);
    assert.match(text, why);
    assert.match(text, /Log in/);
    assert.doesNotMatch(await ended.content(), /party|Ana/);
  }
  assert.deepEqual(await members(ana, path), ['Ana: owner', 'Cleo: access-only']);
  assert.equal(cleo.name, 'Cleo');
});

story('a link to a card survives the log-in; an unknown and a private page look the same', async (world) => {
  world.excuse(/404/);
  const ana = await world.member('Ana');
  const path = await ana.makeProject('party');
  await ana.fill(path, { 'To do': ['One'] });
  const { project } = await ana.snapshot(path);
  const [id] = Object.keys(Object.values(project.lists)[0].cards);
  const guest = await world.visitor('Ana');
  const page = await guest.context.newPage();
  const seen = {};
  for (const address of ['/Ana/nothing', `${path}?card=${id}`]) {
    const answer = await page.goto(address);
    seen[address] = [answer.status(), await page.locator('main').innerText(), await page.title()];
  }
  assert.deepEqual(seen['/Ana/nothing'], seen[`${path}?card=${id}`]);
  await page.locator('main a[href^="/login"]').click();
  await page.locator('[name=username]').fill('Ana');
  await page.locator('[name=password]').fill(password);
  await page.locator('.formBox button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === path && url.search === `?card=${id}`);
  const board = await openBoard(page);
  await board.page.locator('#w-cardWin[open]').waitFor();
  await until('it is the card', async () => (await page.locator('#w-cardWin h2').textContent()) === 'One');
});
