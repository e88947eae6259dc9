/** Proving who one is: a mistyped address, a forgotten password, two steps, and logins that are ended from elsewhere. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { story } from './lib/story.js';
import { password } from './lib/person.js';
import { until } from './lib/until.js';

const submit = '.formBox button[type=submit]';

/** What an authenticator app shows (RFC 6238: SHA-1, 30 seconds, 6 digits). */
function appCode(secret, ahead = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac('sha1', key).update(step).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

async function logInByHand(page, name, secret = password) {
  await page.goto('/login');
  await page.locator('[name=username]').fill(name);
  await page.locator('[name=password]').fill(secret);
  await page.locator(submit).click();
}

story('a mistyped address is corrected during sign-up', async (world) => {
  await world.member('Taken');
  const ana = await world.visitor('Ana');
  const page = await ana.context.newPage();
  await page.goto('/signup');
  const note = page.locator('#f-username-note');
  await page.locator('[name=username]').pressSequentially('taken');
  await page.locator('#f-username[aria-invalid=true]').waitFor();
  await page.locator('[name=username]').fill('Ana');
  await page.locator('#f-username-note.fieldNote-good').waitFor();
  assert.notEqual(await note.textContent(), await note.getAttribute('data-hint'));
  await page.locator('[name=useremail]').fill('anna@example.org');
  await page.locator('[name=password]').fill(password);
  await page.locator('[name=password_confirm]').fill(password);
  await page.locator(submit).click();
  await page.waitForURL(/verify-email/);
  const wrong = (await world.server.mailTo('anna@example.org')).match(/(\/verify-email\/\w+)\?\S*code=([\w-]{8})/);

  await page.locator('summary').click();
  await page.locator('[name=useremail]').fill('ana@example.org');
  await page.locator(`details ${submit}`).click();
  await page.locator('.lightFlash').waitFor();
  assert.equal(await page.locator('.formAddress').textContent(), 'ana@example.org');
  assert.equal((await ana.context.request.get(wrong[1])).status(), 404, 'the first mail is worth nothing');
  const { code } = await ana.verification();
  await page.locator('[name=code]').fill(code);
  await page.locator(submit).first().click();
  await page.waitForURL((url) => url.pathname === '/');
});

story('a password reset ends the login in the other browser', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('board');
  const board = await ana.openBoard(path);
  world.excuse(/401/);
  const elsewhere = await world.visitor('Ana');
  const page = await elsewhere.context.newPage();
  await page.goto(`/login?continue=${encodeURIComponent(path)}`);
  await page.locator('a[href^="/forgot-password"]').click();
  for (const name of ['nobody', 'ana']) {
    await page.locator('[name=name]').fill(name);
    await page.locator(submit).click();
    await page.waitForURL(/reset-password\/[0-9a-f]{32}\?continue=/);
    if (name === 'nobody') await page.goBack();
  }
  const [, link, code] = (await world.server.mailTo(ana.email)).match(/(\/reset-password\/[0-9a-f]{32}\?\S*code=([\w-]{8}))/);
  await page.locator('[name=code]').fill('AAAAAAAA');
  await page.locator('[name=password]').fill('battery staple');
  await page.locator('[name=password_confirm]').fill('battery staple');
  await page.locator(submit).click();
  await page.locator('#f-code[aria-invalid=true]').waitFor();
  await page.goto(link);
  assert.equal(await page.locator('[name=code]').inputValue(), code);
  await page.locator('[name=password]').fill('battery staple');
  await page.locator('[name=password_confirm]').fill('battery staple');
  await page.locator(submit).click();
  await page.waitForURL(`**${path}`);
  await board.page.locator('dialog[data-target="ended"]').waitFor();
  await page.goto('/Ana/settings/security');
  assert.equal(await page.locator('.loginItem').count(), 1, 'the old login is gone');
  const later = await world.visitor('Ana');
  await assert.rejects(later.logIn(), /could not log in/);
  await later.logIn('battery staple');
});

story('log-in with a second factor, and with a recovery code instead', async (world) => {
  const ana = await world.member('Ana');
  const page = await ana.context.newPage();
  await page.goto('/Ana/settings/security');
  await page.locator('a[href$="/second-factor"]').click();
  await page.locator('[name=password]').fill('wrong horse');
  await page.locator('.securityForm [type=submit]').click();
  await page.locator('#f-password[aria-invalid=true]').waitFor();
  await page.locator('[name=password]').fill(password);
  await page.locator('.securityForm [type=submit]').click();
  const secret = await page.locator('.factorSecret').textContent();
  await until('the picture is shown', () => page.locator('.factorPicture').evaluate((image) => image.complete && image.naturalWidth > 0));
  await page.locator('[name=code]').fill(appCode(secret));
  await page.locator('.securityForm [type=submit]').click();
  const codes = await page.locator('.codeList code').allTextContents();
  assert.equal(codes.length, 10);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').click()]);
  assert.equal(download.suggestedFilename(), 'taskstack-codes.txt');
  await page.goto('about:blank'); // an open page would lead to the start by itself
  await ana.post('/logout');

  await logInByHand(page, 'Ana');
  await page.waitForURL('**/login/second-step');
  assert.equal((await ana.context.request.get('/new', { maxRedirects: 0 })).status(), 302, 'a pending login is signed out');
  await page.locator('[name=code]').fill('000000');
  await page.locator(submit).click();
  await page.locator('#f-code[aria-invalid=true]').waitFor();
  await page.locator('[name=code]').fill(appCode(secret, 1));
  await page.locator(submit).click();
  await page.waitForURL((url) => url.pathname === '/');

  await page.goto('about:blank'); // an open page would lead to the start by itself
  await ana.post('/logout');
  await logInByHand(page, 'Ana');
  await page.locator('[name=code]').fill(codes[4].toUpperCase());
  await page.locator(submit).click();
  await page.waitForURL((url) => url.pathname === '/');
  assert.match(await world.server.mailTo(ana.email), /recovery code/);
  await page.goto('/Ana/settings/security');
  assert.match(await page.locator('.securityState').textContent(), /\b9\b/);
  await page.goto('/Ana/settings/security/second-factor');
  await page.locator('[name=offPassword]').fill(password);
  await page.locator('form[action$="/off"] [type=submit]').click();
  await page.waitForURL('**/settings/security');
  assert.equal(await page.locator('.securityState').count(), 0);
});

story('a login is ended from another browser, and its open board says so', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('board');
  const phone = await world.visitor('Ana', { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1' });
  await phone.logIn();
  const board = await phone.openBoard(path);
  world.excuse(/401/);
  const page = await ana.context.newPage();
  await page.goto('/ana/settings/security');
  await page.waitForURL('**/Ana/settings/security');
  assert.match(await page.locator('.loginItem-current').textContent(), /Chrome/);
  await page.locator('.loginItem', { hasText: 'Safari, iPhone' }).locator('button').click();
  await page.locator('.toast', { hasText: 'logged out' }).waitFor();
  await board.page.locator('dialog[data-target="ended"]').waitFor();
  assert.equal(await page.locator('.loginItem').count(), 1);
  assert.equal((await phone.context.request.get(path)).status(), 404);
  const stranger = await world.member('Ben');
  for (const tail of ['', '/second-factor']) {
    assert.equal((await stranger.context.request.get(`/Ana/settings/security${tail}`)).status(), 404);
  }
});
