/** Stories about profiles: picture and text, a new name, a new address, account deletion, and visibility. */
import assert from 'node:assert/strict';
import { keepMessages, openBoard } from './lib/board.js';
import { password } from './lib/person.js';
import { story } from './lib/story.js';
import { untilEqual } from './lib/until.js';

/** Two people ask each other and are friends. */
async function befriend(a, b) {
  for (const [from, to] of [[a, b], [b, a]]) {
    await from.post('/new-friend', { name: to.name });
  }
}

/** A picture to upload: red left, blue right. */
function twoColours(page) {
  return page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 400 });
    const context = canvas.getContext('2d');
    for (const [colour, x] of [['#f00', 0], ['#00f', 400]]) {
      context.fillStyle = colour;
      context.fillRect(x, 0, 400, 400);
    }
    return canvas.toDataURL().split(',')[1];
  });
}

/** The colour in the middle of a picture on the page. */
function middleOf(page, selector) {
  return page.locator(selector).evaluate(async (img) => {
    await img.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: img.naturalWidth, height: img.naturalHeight });
    const context = canvas.getContext('2d');
    context.drawImage(img, 0, 0);
    return [...context.getImageData(img.naturalWidth / 2, img.naturalHeight / 2, 1, 1).data];
  });
}

const isRed = ([r, g, b]) => r > 200 && g < 60 && b < 60;

story('a picture is cropped in the browser and shown in every open tab; the profile text stays text', async (world) => {
  const ana = await world.member('Ana');
  const other = await ana.context.newPage();
  await other.goto('/new');
  const page = await ana.context.newPage();
  await page.goto('/Ana');
  await page.locator('.profileEdit').click();
  await page.locator('[name=newProfilePic]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
  await page.locator('#pictureNote.fieldNote-error').waitFor();
  await page.locator('[name=newProfilePic]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(await twoColours(page), 'base64') });
  const crop = page.locator('.cropperPicture');
  await crop.waitFor();
  // The middle has both colours; by keys and by mouse one goes to the left, where it is red.
  await page.keyboard.press('+');
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowLeft');
  const box = await crop.boundingBox();
  await page.mouse.move(box.x + 100, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 250, box.y + 100, { steps: 4 });
  await page.mouse.up();
  await page.locator('dialog[open] .btn-primaryAction').click();
  await page.locator('[name=newProfileDesc]').fill('I draw <b>plans</b>\nand boards');
  await page.locator('.profileForm button[type=submit]').click();
  await page.locator('.profileDesc').waitFor();
  assert.equal(await page.locator('.profileDesc').textContent(), 'I draw <b>plans</b>\nand boards');
  assert.ok(isRed(await middleOf(page, '.profilePic')), 'the part that was chosen');
  await other.locator('.accountButton img[src*="/avatars/"]').waitFor();
  assert.ok(isRed(await middleOf(other, '.accountButton img')), 'the other tab has it too, without a reload');

  await page.locator('.profileEdit').click();
  await page.locator('[name=drawnPicture]').check();
  await page.locator('.profileForm button[type=submit]').click();
  await page.locator('.profilePic[src*="/default_avatar/a"]').waitFor();
});

story('after a new login in another tab, forms of an open page can be sent: what was typed stays', async (world) => {
  const ana = await world.member('Ana');
  world.excuse(/419/);
  const page = await ana.context.newPage();
  await page.goto('/Ana/settings');
  const loaded = (tag) => page.waitForFunction((name) => Boolean(customElements.get(name)), tag);
  await loaded('profiles-settings');
  const dialog = page.locator('#w-changeUsername');
  await page.locator('[data-dialog=changeUsername]').click();
  await dialog.locator('[name=newUsername]').fill('Anabel');
  await dialog.locator('[name=password]').fill(password);
  await ana.logIn();
  await dialog.locator('button[type=submit]').click();
  await page.locator('#w-staleToken[open] button').click();
  assert.equal(await dialog.locator('[name=newUsername]').inputValue(), 'Anabel');
  await dialog.locator('[name=password]').fill(password);
  await dialog.locator('button[type=submit]').click();
  await page.waitForURL('**/Anabel/settings');

  await loaded('profiles-settings');
  await ana.context.request.post('/login', { form: { username: 'Anabel', password } });
  await page.locator('[name=userprofilePrivate]').click();
  await page.locator('.toast', { hasText: 'Saved.' }).waitFor();
  await page.goto('/Anabel');
  await loaded('profiles-editor');
  await page.locator('.profileEdit').click();
  await page.locator('[name=newProfileDesc]').fill('typed');
  await ana.context.request.post('/login', { form: { username: 'Anabel', password } });
  await page.locator('.profileForm button[type=submit]').click();
  await page.locator('.profileDesc').getByText('typed').waitFor();
});

story('a new user name reaches open boards', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('plans');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  const watcher = await ben.context.newPage();
  const board = await openBoard(watcher, path);
  // Ben's own board, on which Ana is a member, and is there.
  const bens = await ben.makeProject('garden');
  await ana.join((await ben.pageData(bens)).inviteLink);
  const garden = await ben.openBoard(bens);
  await ana.openBoard(bens);
  await garden.page.locator('.boardFaces .avatar-here[title*="Ana"]').waitFor();
  const people = await garden.openWindow('people');
  await people.locator('.personName[href="/Ana"]').waitFor();
  const page = await ana.context.newPage();
  await page.goto('/Ana/settings');
  await page.locator('[data-dialog=changeUsername]').click();
  const dialog = page.locator('#w-changeUsername');
  await dialog.locator('[name=newUsername]').fill('login');
  await dialog.locator('[name=password]').fill('wrong horse');
  await dialog.locator('button[type=submit]').click();
  await dialog.locator('[name=newUsername][aria-invalid=true]').waitFor();
  await dialog.locator('[name=newUsername]').fill('Annabel');
  world.excuse(/400/);
  await dialog.locator('button[type=submit]').click();
  await dialog.locator('[name=password][aria-invalid=true]').waitFor();
  assert.equal(await dialog.locator('[name=newUsername]').inputValue(), 'Annabel', 'what was typed is kept');
  await dialog.locator('[name=password]').fill(password);
  await dialog.locator('button[type=submit]').click();
  await page.waitForURL('**/Annabel/settings');
  await page.locator('.toast', { hasText: 'Annabel' }).waitFor();
  await watcher.waitForURL('**/Annabel/plans');
  await board.addLists('still works');
  await people.locator('.personName[href="/Annabel"]', { hasText: 'Annabel' }).waitFor();
  await garden.page.locator('.boardFaces .avatar-here[title*="Annabel"]').waitFor();
  assert.equal(await people.locator('.person', { hasText: 'Annabel' }).count(), 1);

  const { project } = await ben.snapshot(bens);
  const [{ picUrl }] = Object.values(project.members).filter(({ name }) => name === 'Annabel');
  await page.goto('/Annabel');
  await page.locator('.profileEdit').click();
  await page.locator('[name=newProfilePic]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(await twoColours(page), 'base64') });
  await page.locator('.cropperPicture').waitFor();
  await page.locator('dialog[open] .btn-primaryAction').click();
  await page.locator('.profileForm button[type=submit]').click();
  await people.locator('.person img[src^="/avatars/"]').waitFor();
  await untilEqual('the old picture is shown nowhere', () => garden.page.locator(`img[src="${picUrl}"]`).count(), 0);
});

story('a new e-mail address: the old one is notified and valid until the code is entered', async (world) => {
  const ana = await world.member('Ana');
  const page = await ana.context.newPage();
  await page.goto('/Ana/settings');
  await page.locator('[data-dialog=changeEmail]').click();
  const dialog = page.locator('#w-changeEmail');
  await dialog.locator('[name=newEmail]').fill('new@example.org');
  await dialog.locator('[name=password]').fill(password);
  await dialog.locator('button[type=submit]').click();
  await page.waitForURL('**/verify-email/*');
  assert.match(await world.server.mailTo('ana@example.org'), /new@example\.org/);
  const [, code] = (await world.server.mailTo('new@example.org')).match(/code=([\w-]{8})/);
  await page.goto('/Ana/settings');
  await page.locator('.settingsPending', { hasText: 'new@example.org' }).getByRole('link').click();
  await page.locator('[name=code]').fill(code);
  await page.locator('.formBox button[type=submit]').click();
  await page.waitForURL('**/Ana/settings');
  await page.locator('.profileEmail', { hasText: 'new@example.org' }).waitFor();
});

story('account deletion: one board is transferred, the others are deleted', async (world) => {
  world.excuse(/404/);
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const [kept, lost] = [await ana.makeProject('kept'), await ana.makeProject('lost')];
  for (const path of [kept, lost]) await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(kept, { 'To do': ['Water the plants'] });
  const ids = {};
  for (const path of [kept, lost]) ids[path] = (await ana.snapshot(path)).project.id;
  const page = await ana.context.newPage();
  const other = await ana.context.newPage();
  await other.goto(kept);
  await page.goto('/Ana/settings');
  await page.locator('[data-dialog=deleteAccount]').click();
  const dialog = page.locator('#w-deleteAccount');
  await dialog.locator('button[type=submit]').click();
  await dialog.locator(`#heir-${ids[kept]}[aria-invalid=true]`).waitFor();
  await dialog.locator(`#heir-${ids[kept]}`).selectOption('Ben');
  await dialog.locator(`#heir-${ids[lost]}`).selectOption('-');
  await dialog.locator('[name=confirmName]').fill('Ana');
  await dialog.locator('[name=password]').fill(password);
  await dialog.locator('button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === '/');
  assert.ok(await page.locator('a[href^="/signup"]').first().isVisible(), 'signed out');
  await other.getByRole('link', { name: 'Log in' }).first().waitFor(); // the other tab has noticed
  const board = await openBoard(await ben.context.newPage(), '/Ben/kept');
  await board.shows([['To do', ['Water the plants']]]);
  assert.equal((await ben.context.request.get(lost)).status(), 404);
  assert.equal((await ben.context.request.get('/Ana')).status(), 404);
});

story('a private profile is visible to friends and not found for others', async (world) => {
  world.excuse(/404/);
  const [ana, ben, eve] = [await world.member('Ana'), await world.member('Ben'), await world.member('Eve')];
  const visitor = await world.visitor('guest');
  await befriend(ana, ben);
  const page = await ana.context.newPage();
  await page.goto('/Ana/settings');
  await keepMessages(page);
  await page.locator('#s-userprofilePrivate').check();
  await page.locator('.toast').waitFor();
  for (const [person, sees] of [[ana, true], [ben, true], [eve, false], [visitor, false]]) {
    const tab = await person.context.newPage();
    const answer = await tab.goto('/Ana/projects');
    assert.equal(answer.status(), sees ? 200 : 404, person.name);
    assert.equal(await tab.locator('.profileName').count(), sees ? 1 : 0);
  }
  // Ben ends the friendship; the profile is not for him any more.
  const bens = await ben.context.newPage();
  await bens.goto('/Ana');
  await bens.locator('[popovertarget=personMenu]').click();
  await bens.locator('#personMenu a[href="?removeFriend=1"]').click();
  await bens.locator('#w-removeFriend button[type=submit]').click();
  await bens.waitForURL((url) => url.pathname === '/');
  assert.equal((await ben.context.request.get('/Ana/projects')).status(), 404);
});
