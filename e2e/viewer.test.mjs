/** The viewer of a card's files, by mouse, keyboard and finger. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const looks = [
  { name: 'desktop', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'phone, in German', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

const adder = (win) => win.locator('files-attachments input[type="file"]');
const link = (win, name) => win.locator('a.fileRowName', { hasText: name });
const arrow = (viewer, side) => viewer.locator(`.viewerArrow-chevron${side}`);

/** A second of a tone. */
function wav() {
  const rate = 8000;
  const file = Buffer.alloc(44 + rate, 128);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + rate, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36);
  file.writeUInt32LE(rate, 40);
  return file;
}

const hostile = '<img src=x onerror="document.title = \'owned\'">\n{{.}}\n';

async function axe(page, name) {
  await page.screenshot({ path: path.join(artifacts, 'screens', `viewer-${name}.png`) });
  await assertAccessible(page, { name, where: ['.viewer'] });
}

for (const { name, ...look } of looks) {
  story(`files are shown one after the other (${name})`, async (world) => {
    const ana = await world.member('Ana', look);
    const address = await ana.makeProject('photos');
    await ana.fill(address, { 'To do': ['One'] });
    const board = await ana.openBoard(address);
    const { page } = board;
    const loaded = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } });
    const win = await board.openCard('One');
    await adder(win).setInputFiles([
      { name: 'a ü.png', mimeType: 'image/png', buffer: picture }, { name: 'b.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
      { name: 'c.txt', mimeType: 'text/plain', buffer: Buffer.from(hostile.repeat(20_000)) }, { name: 'cc.md', mimeType: 'text/plain', buffer: Buffer.from(hostile) }, { name: 'd.wav', mimeType: 'audio/wav', buffer: wav() },
      { name: 'e.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') }, { name: 'f.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004') },
    ]);
    await link(win, 'f.zip').waitFor();
    await untilEqual('all are there', () => win.locator('a.fileRowName').count(), 7);
    await untilEqual('the row of the picture has its thumbnail', () => win.locator('img.fileRowPreview').evaluateAll((images) => images.map(({ naturalWidth }) => naturalWidth)), [112]);
    assert.equal(loaded.some((address) => address.includes('viewer')), false, 'nothing of the viewer is loaded before it is opened');

    await link(win, 'a ü.png').click();
    const viewer = page.locator('dialog.viewer');
    await viewer.waitFor();
    const shown = () => viewer.locator('.viewerTitle').textContent();
    await untilEqual('the picture is there', () => viewer.locator('.viewerPicture').evaluate((node) => node.complete && node.naturalWidth > 0), true);
    await until('its styles too', () => viewer.evaluate((node) => node.getBoundingClientRect().height > innerHeight / 2));
    assert.match(await viewer.locator('.viewerPosition').textContent(), /^1 (?:of|von) 6$/);
    assert.equal(await arrow(viewer, 'Left').isDisabled(), true);
    await axe(page, `${name}-picture`);

    await page.keyboard.press('ArrowRight');
    await untilEqual('the next one', shown, 'b.png');
    await viewer.locator('.viewerNote').waitFor();
    if (look.hasTouch) await arrow(viewer, 'Right').tap();
    else await arrow(viewer, 'Right').click();
    await untilEqual('the text', shown, 'c.txt');
    await until('its beginning is shown as text', async () => (await viewer.locator('.viewerText').textContent()).startsWith(hostile));
    await viewer.locator('.viewerNote').waitFor();
    assert.equal((await viewer.locator('.viewerText').textContent()).length, 256 * 1024);
    await page.keyboard.press('ArrowRight');
    await untilEqual('a short text', () => viewer.locator('.viewerText').textContent(), hostile);
    assert.equal(await viewer.locator('.viewerNote').count(), 0);
    assert.notEqual(await page.title(), 'owned');
    await axe(page, `${name}-text`);
    await page.keyboard.press('ArrowRight');
    await until('the sound can be played', () => viewer.locator('audio').evaluate((node) => node.duration === 1));
    await page.keyboard.press('ArrowRight');
    await untilEqual('the last one', shown, 'e.pdf');
    const pdf = viewer.locator('iframe.viewerPage, .viewerNote');
    await pdf.waitFor();
    assert.equal(await arrow(viewer, 'Right').isDisabled(), true);
    const download = page.waitForEvent('download');
    await viewer.locator('a[download]').click();
    assert.equal((await download).suggestedFilename(), 'e.pdf');
    await page.keyboard.press('ArrowLeft');
    await untilEqual('back', shown, 'd.wav');
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    assert.equal(await win.isVisible(), true, 'the card stays open');
    await until('the focus is where it was', () => link(win, 'a ü.png').evaluate((node) => node === document.activeElement));

    // What cannot be shown is downloaded.
    const zip = page.waitForEvent('download');
    await link(win, 'f.zip').click();
    assert.equal((await zip).suggestedFilename(), 'f.zip');
    assert.equal(await viewer.count(), 0);
  });
}
