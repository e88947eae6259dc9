/** Invitations by e-mail: three people, the owner, a newcomer by the mail, and someone with an account. */
import assert from 'node:assert/strict';
import { openBoard } from './lib/board.js';
import { password } from './lib/person.js';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const roles = async (person, path) => Object.values((await person.snapshot(path)).project.members).map(({ name, role }) => `${name}: ${role}`).sort();

/** The path of the invitation in the newest mail to an address. */
async function invitationTo(world, address) {
  return until(`an invitation to ${address}`, async () => (await world.server.mailTo(address)).match(/(\/invite\/[\w-]{22})/)?.[1]);
}

story('an owner invites by e-mail; a newcomer is on the board without a code, someone with an account finds it on the start page', async (world) => {
  world.excuse(/404/);
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const benHome = await ben.context.newPage();
  await benHome.goto('/notifications');
  const path = await ana.makeProject('party');
  const a = await ana.openBoard(path);
  const win = await a.openWindow('invite');
  const section = win.locator('invites-mail');
  const field = section.locator('[name="emails"]');
  await field.fill('not-an-address');
  await section.locator('[type="submit"]').click();
  await section.locator('.fieldNote-error', { hasText: 'not-an-address' }).waitFor();
  assert.equal(await field.inputValue(), 'not-an-address', 'what was typed is kept');
  await field.fill('Dora Dorn <dora@example.org>, ben@example.org\ncleo@example.org');
  await section.locator('[type="submit"]').click();
  await a.page.locator('.toast', { hasText: '3 invitations sent' }).waitFor();
  await untilEqual('three are pending', () => section.locator('.invitePendingItem').count(), 3);
  await section.locator('.invitePendingItem', { hasText: 'dora@example.org' }).getByText('Can edit · invited by Ana').waitFor();

  // Dora is new. The mail has shown that the address is hers.
  const mail = await invitationTo(world, 'dora@example.org');
  const dora = await world.visitor('Dora', { locale: 'de-DE', viewport: { width: 360, height: 740 }, hasTouch: true });
  const page = await dora.context.newPage();
  const screens = [];
  page.on('framenavigated', (frame) => frame === page.mainFrame() && screens.push(new URL(frame.url()).pathname.split('/')[1]));
  await page.goto(mail);
  await page.getByText('Ana lädt dich zu party ein').waitFor();
  await page.locator('main a[href^="/signup"]').click();
  assert.equal(await page.locator('[name=useremail]').inputValue(), 'dora@example.org');
  await page.locator('[name=username]').fill('Dora');
  await page.locator('[name=password]').fill(password);
  await page.locator('[name=password_confirm]').fill(password);
  await page.locator('.formBox button[type=submit]').click();
  await page.waitForURL(`**${path}`);
  assert.deepEqual(screens, ['invite', 'signup', 'Ana']);
  const d = await openBoard(page);
  await d.page.locator('lists-composer').first().waitFor();
  assert.deepEqual(await roles(ana, path), ['Ana: owner', 'Dora: admin']);
  // Live, in the owner's open window.
  await untilEqual('two are pending', () => section.locator('.invitePendingItem').count(), 2);
  const late = await (await world.visitor('Eve')).context.newPage();
  await late.goto(mail);
  await late.getByText('It has been used.').waitFor();
  assert.doesNotMatch(await late.content(), /party|Ana|dora@/);

  // Ben has an account: live on the start page, without the mail.
  const entry = benHome.locator('.feedEntry', { hasText: 'party' });
  await entry.waitFor();
  await benHome.locator('home-bell', { hasText: '1 new notification' }).waitFor();
  await entry.locator('a.btn').click();
  await benHome.getByRole('button', { name: 'Join' }).click();
  await benHome.waitForURL(`**${path}`);
  assert.deepEqual(await roles(ana, path), ['Ana: owner', 'Ben: admin', 'Dora: admin']);

  // A notification is dismissed, and the invitation goes on.
  const cai = await world.member('Cai');
  await section.locator('[name="emails"]').fill(cai.email);
  await section.locator('[type="submit"]').click();
  const notifications = await cai.context.newPage();
  await notifications.goto('/notifications');
  await notifications.locator('.feedEntry', { hasText: 'party' }).getByRole('button').click();
  await notifications.locator('#feedEmpty').waitFor();
  await notifications.goto(await invitationTo(world, cai.email));
  await notifications.getByRole('button', { name: 'Join' }).click();
  await notifications.waitForURL(`**${path}`);

  // Cleo's is withdrawn.
  const cleos = await invitationTo(world, 'cleo@example.org');
  await untilEqual('one is pending', () => section.locator('.invitePendingItem').count(), 1);
  await section.locator('.invitePendingItem button', { hasText: 'Send again' }).click();
  await a.page.locator('.toast', { hasText: 'Sent again to cleo@example.org' }).waitFor();
  await section.locator('.invitePendingItem button', { hasText: 'Withdraw' }).click();
  await a.confirm();
  await section.locator('.invitePendingItem').waitFor({ state: 'detached' });
  await late.goto(cleos);
  await late.getByText('It has been withdrawn.').waitFor();
});

story('who can edit invites when the owner allows it, live, and sees no one else’s addresses', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  const { inviteAsAdminLink, project } = await ana.pageData(path);
  await ben.join(inviteAsAdminLink);
  await ana.ask('invite_by_email', { projectId: project.id, emails: ['secret@example.org'], role: 'admin' });
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  assert.equal(await b.page.locator('.boardInvite').count(), 0);
  assert.equal((await ben.ask('invite_by_email', { projectId: project.id, emails: ['x@example.org'], role: 'admin' })).error, 'forbidden');
  const settings = await a.openWindow('invite');
  await settings.locator('.inviteOthers .switch').check();
  await b.page.locator('.boardInvite').waitFor();
  await b.page.locator('.toast', { hasText: 'You can invite people' }).waitFor();
  const win = await b.openWindow('invite');
  assert.equal(await win.locator('.inviteOthers, [data-part="renew"]').count(), 0, 'links stay the owner’s');
  await win.locator('[name="emails"]').fill('cleo@example.org');
  await win.locator('invites-mail [type="submit"]').click();
  await win.locator('.invitePendingItem', { hasText: 'cleo@example.org' }).waitFor();
  assert.equal(await win.locator('.invitePendingItem').count(), 1);
  await settings.locator('.inviteOthers .switch').uncheck();
  await b.page.locator('.boardInvite').waitFor({ state: 'detached' });
  assert.equal((await ben.ask('list_invites', { projectId: project.id })).error, 'forbidden');
});
