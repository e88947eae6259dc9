/** Covers of cards and descriptions of pictures: chosen in every way, live, undone, and without anything that moves when they load. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const looks = [
  { name: 'desktop, light', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'phone, dark, in German', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

const cover = (board, name) => board.card(name).locator('.cardCover img');
const adder = (win) => win.locator('files-attachments input[type="file"]');
const toggle = (win, name) => win.locator(`[data-cover="${name}"]`);

/** Pictures of 600 × 300 and 300 × 900 pixels. */
async function pictures(page) {
  const draw = (width, height, colour) => page.evaluate(([w, h, fill]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
    const context = canvas.getContext('2d');
    context.fillStyle = fill;
    context.fillRect(0, 0, w, h);
    context.fillStyle = 'white';
    context.fillRect(w / 4, h / 4, w / 2, h / 2);
    return canvas.toDataURL('image/png').split(',')[1];
  }, [width, height, colour]);
  const file = async (name, ...size) => ({ name, mimeType: 'image/png', buffer: Buffer.from(await draw(...size), 'base64') });
  return [await file('a door.png', 600, 300, 'teal'), await file('tower ü.png', 300, 900, 'crimson')];
}

async function axe(page, name, ...where) {
  await page.screenshot({ path: path.join(artifacts, 'screens', `covers-${name}.png`) });
  await assertAccessible(page, { name, where });
}

const attributes = (image) => image.evaluate((node) => [...node.attributes].map(({ name, value }) => `${name}=${value}`).join(' '));
const isLoaded = (image) => image.evaluate((node) => node.complete && node.naturalWidth > 0);

for (const { name: look, ...options } of looks) {
  story(`a picture becomes the cover of its card, for everyone at once (${look})`, async (world) => {
    const ana = await world.member('Ana', options);
    const ben = await world.member('Ben');
    const address = await ana.makeProject('party');
    await ben.join((await ana.pageData(address)).inviteAsAdminLink);
    await ana.fill(address, { 'To do': ['One', 'Two'] });
    const [a, b] = [await ana.openBoard(address), await ben.openBoard(address)];

    const win = await a.openCard('One');
    await adder(win).setInputFiles([...await pictures(a.page), { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
    await untilEqual('the pictures, and not the text, can be the cover', () => win.locator('[data-cover]').count(), 2);
    await toggle(win, 'a door.png').click();
    await untilEqual('it is pressed', () => toggle(win, 'a door.png').getAttribute('aria-pressed'), 'true');
    await until('the other person sees it', () => cover(b, 'One').count());
    await until('it is loaded', () => isLoaded(cover(b, 'One')));
    assert.equal(await cover(b, 'One').getAttribute('alt'), '', 'a picture without a description says nothing');
    assert.equal(await cover(b, 'Two').count(), 0);

    // In the viewer: another cover, and what it shows.
    await win.locator('a.fileRowName', { hasText: 'tower' }).click();
    const viewer = a.page.locator('dialog.viewer');
    await until('its styles are there', () => viewer.evaluate((node) => node.getBoundingClientRect().height > innerHeight / 2));
    const use = viewer.locator('.viewerHead button[aria-pressed]');
    assert.equal(await use.getAttribute('aria-pressed'), 'false');
    await use.click();
    await untilEqual('it is the cover now', () => use.getAttribute('aria-pressed'), 'true');
    const field = viewer.locator('.viewerDescription input');
    await field.fill('A red tower');
    await field.press('ArrowLeft');
    assert.equal(await viewer.locator('.viewerTitle').textContent(), 'tower ü.png', 'the arrows move in the text');
    await axe(a.page, `${look}-viewer`, '.viewer');
    await a.page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    await untilEqual('the other person’s board has the description', () => cover(b, 'One').getAttribute('alt').catch(() => null), 'A red tower');
    assert.match(await cover(b, 'One').getAttribute('src'), /tower/);
    await untilEqual('the list of files has it, too', () => win.locator('img.fileRowPreview[alt="A red tower"]').count(), 1);
    await a.closeWindow();
    await axe(a.page, `${look}-board`, 'board-root');

    // A reload draws the same from the server's markup, in its place before the picture is there.
    const drawn = await attributes(cover(b, 'One'));
    const height = await b.card('One').evaluate((node) => node.getBoundingClientRect().height);
    await b.page.route(/\?cover=/, async (route) => {
      await untilEqual('the card has its height before the picture has come', () => b.card('One').evaluate((node) => Math.round(node.getBoundingClientRect().height)), Math.round(height));
      await route.continue();
    });
    await b.page.reload();
    await b.isAwake();
    await until('it is loaded again', () => isLoaded(cover(b, 'One')));
    await b.page.unroute(/\?cover=/);
    assert.equal(await attributes(cover(b, 'One')), drawn);
    assert.equal(await b.card('One').evaluate((node) => Math.round(node.getBoundingClientRect().height)), Math.round(height));

    // Removed in the menu, undone, and gone with its file.
    await a.chooseFromCardMenu('One', 'image');
    await untilEqual('no cover on either board', async () => await cover(a, 'One').count() + await cover(b, 'One').count(), 0);
    if (!options.hasTouch) {
      await a.page.keyboard.press('Control+z');
      await until('it is back', () => cover(b, 'One').count());
      await a.page.keyboard.press('Control+Shift+z');
      await untilEqual('and removed again', () => cover(b, 'One').count(), 0);
    }
    await a.chooseFromCardMenu('One', 'image');
    await until('the menu shows the first picture', async () => /door/.test(await cover(b, 'One').getAttribute('src').catch(() => '')));
    await a.openCard('One');
    await win.locator('.fileRow', { hasText: 'a door.png' }).locator('.btn-icon').last().click();
    await a.confirm();
    await untilEqual('without its file there is none', async () => await cover(a, 'One').count() + await cover(b, 'One').count(), 0);
    await a.closeWindow();
    await a.equals(ana, address);
    await b.equals(ben, address);
  });
}

story('those who may only look see covers and descriptions, and change neither', async (world) => {
  const ana = await world.member('Ana');
  const rita = await world.member('Rita');
  const address = await ana.makeProject('party');
  await rita.join((await ana.pageData(address)).inviteLink);
  await ana.fill(address, { 'To do': ['One'] });
  const a = await ana.openBoard(address);
  const win = await a.openCard('One');
  await adder(win).setInputFiles((await pictures(a.page)).slice(0, 1));
  await toggle(win, 'a door.png').click();
  await win.locator('a.fileRowName').click();
  const viewer = a.page.locator('dialog.viewer');
  await viewer.locator('.viewerDescription input').fill('A door');
  await viewer.locator('.viewerDescription input').press('Enter');
  const r = await rita.openBoard(address);
  await untilEqual('the description', () => cover(r, 'One').getAttribute('alt').catch(() => null), 'A door');
  const seen = await r.openCard('One');
  assert.equal(await seen.locator('[data-cover]').count(), 0);
  await seen.locator('a.fileRowName').click();
  const shown = r.page.locator('dialog.viewer');
  await untilEqual('the viewer shows it as text', () => shown.locator('.viewerDescription').textContent(), 'A door');
  assert.equal(await shown.locator('.viewerPicture').getAttribute('alt'), 'A door');
  assert.equal(await shown.locator('input, button[aria-pressed]:visible').count(), 0);
});
