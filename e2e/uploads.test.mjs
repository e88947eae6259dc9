/** Files on bad lines and through strict proxies: they arrive, or are returned with a reason, and block nothing. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { openBoard } from './lib/board.js';
import { startNginx } from './lib/nginx.js';
import { artifacts, story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const megabytes = (count) => Buffer.alloc(count * 1_000_000, 'a');
const adder = (win) => win.locator('files-attachments input[type="file"]');
const rows = (win) => win.locator('files-attachments .fileRow');
const attached = (win) => win.locator('files-attachments a.fileRowName').allTextContents();

async function filesOf(person, path, name) {
  const { project } = await person.snapshot(path);
  const cards = Object.values(project.lists).flatMap((list) => Object.values(list.cards));
  return Object.keys(cards.find((card) => card.name === name).attachedFiles);
}

story('behind a proxy limit of 1 MB a larger file is returned with a reason, everything else is sent', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('plans');
  await ana.fill(path, { 'To do': ['One'] });
  world.excuse(/413|WebSocket|socket\.io/);
  const nginx = await startNginx(world.server.url, { maxBody: '1m' });
  try {
    const board = await ana.openBoard(nginx.url + path);
    const win = await board.openCard('One');
    await adder(win).setInputFiles([
      { name: 'large.bin', mimeType: 'application/octet-stream', buffer: megabytes(3) }, { name: 'small.bin', mimeType: 'application/octet-stream', buffer: megabytes(0.5) },
    ]);
    const refused = rows(win).filter({ hasText: 'large.bin' });
    await refused.locator('.fieldNote-error').waitFor();
    assert.match(await refused.textContent(), /large\.bin wasn’t attached.*large/);
    await untilEqual('the small one is attached', () => attached(win), ['small.bin']);
    await board.closeWindow();
    await board.addCards('To do', 'Two', 'Three');
    await board.shows([['To do', ['One', 'Two', 'Three']]]);
    await board.equals(ana, path);
    // It is still there, and can be dropped.
    const again = await board.openCard('One');
    await rows(again).filter({ hasText: 'large.bin' }).locator('.btn-icon').click();
    await untilEqual('one row is left', () => rows(again).count(), 1);
    assert.deepEqual(await filesOf(ana, path, 'One'), ['small.bin']);
  } finally {
    await nginx.stop();
  }
});

story('behind a proxy limit of 4 kB sixty pasted cards are sent in parts', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('shopping');
  await ana.fill(path, { 'To do': [] });
  world.excuse(/413|WebSocket|socket\.io/);
  const nginx = await startNginx(world.server.url, { maxBody: '4k' });
  try {
    const board = await ana.openBoard(nginx.url + path);
    const names = Array.from({ length: 60 }, (_, index) => `Card ${index + 1} ${'x'.repeat(40)}`);
    const field = await board.composer('To do');
    await field.fill(names.join('\n'));
    await board.page.locator('cards-composer [data-action="click:addSeveral"]').click();
    await until('all are stored, in order', async () => {
      const { project } = await ana.snapshot(path);
      const cards = Object.values(Object.values(project.lists)[0].cards).sort((a, b) => a.pos - b.pos);
      assert.deepEqual(cards.map(({ name }) => name), names);
      return true;
    }, { timeoutMs: 120_000 });
    await board.equals(ana, path);
  } finally {
    await nginx.stop();
  }
});

story('an upload shows progress, can be cancelled, and is attached once after a lost connection', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('photos');
  await ana.fill(path, { 'To do': ['One'] });
  world.excuse(/ERR_FAILED|ERR_CONNECTION|net::/);
  const board = await ana.openBoard(path);
  const { page } = board;
  const win = await board.openCard('One');
  const line = await ana.context.newCDPSession(page);
  await line.send('Network.enable');
  const speed = (bytes) => line.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: bytes });
  await speed(100_000);
  await adder(win).setInputFiles({ name: 'slow.bin', mimeType: 'application/octet-stream', buffer: megabytes(4) });
  const bar = rows(win).locator('progress');
  await until('the bar moves', async () => {
    const value = await bar.evaluate((node) => node.value);
    return value > 0 && value < 1;
  });
  await rows(win).locator('.btn-icon').click();
  await untilEqual('the row is gone', () => rows(win).count(), 0);
  await speed(-1);
  // The first try gets there, but its answer does not.
  let tries = 0;
  await page.route('**/files/cards/**', async (route) => {
    tries += 1;
    if (tries > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await adder(win).setInputFiles({ name: 'once.bin', mimeType: 'application/octet-stream', buffer: megabytes(1) });
  await untilEqual('it is attached', () => attached(win), ['once.bin']);
  await untilEqual('nothing is under way', () => rows(win).count(), 1);
  assert.equal(tries, 2);
  assert.deepEqual(await filesOf(ana, path, 'One'), ['once.bin']);
});

for (const [name, look] of [['desktop', {}], ['phone, in German', { locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }]]) {
  story(`several files are uploaded at a time, each with a bar, and one can be cancelled (${name})`, async (world) => {
    const ana = await world.member('Ana', look);
    const path = await ana.makeProject('photos');
    await ana.fill(path, { 'To do': ['One'] });
    world.excuse(/ERR_FAILED|ERR_ABORTED|net::/);
    const board = await ana.openBoard(path);
    const { page } = board;
    const win = await board.openCard('One');
    const line = await ana.context.newCDPSession(page);
    await line.send('Network.enable');
    const speed = (bytes) => line.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: bytes });
    await speed(150_000);
    const names = ['1.bin', '2.bin', '3.bin', '4.bin', '5.bin'];
    await adder(win).setInputFiles(names.map((each) => ({ name: each, mimeType: 'application/octet-stream', buffer: megabytes(2) })));
    await untilEqual('each has a bar', () => rows(win).locator('progress').count(), 5);
    await until('three of them move', async () => {
      const values = await rows(win).locator('progress').evaluateAll((bars) => bars.map(({ value }) => value));
      return values.filter((value) => value > 0).length === 3;
    });
    await page.screenshot({ path: join(artifacts, 'screens', `uploads-${name}.png`) });
    await assertAccessible(page, { where: ['#w-cardWin'] });
    // The second is on its way, the fifth waits.
    for (const each of ['2.bin', '5.bin']) {
      await rows(win).filter({ hasText: each }).locator('.btn-icon').focus();
      await page.keyboard.press('Enter');
      await untilEqual(`${each} is gone`, () => rows(win).filter({ hasText: each }).count(), 0);
    }
    await speed(-1);
    await untilEqual('the others are attached', () => attached(win), ['1.bin', '3.bin', '4.bin']);
    assert.deepEqual((await filesOf(ana, path, 'One')).sort(), ['1.bin', '3.bin', '4.bin']);
  });
}

story('a large file goes on where the line broke, and after a reload when it is chosen again', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('films');
  await ana.fill(path, { 'To do': ['One'] });
  world.excuse(/ERR_FAILED|ERR_ABORTED|net::/);
  const board = await ana.openBoard(path);
  const sent = [];
  let atPart = () => 'continue';
  await ana.context.route(/\/files\/cards\/\d+\?/, (route) => {
    const query = new URL(route.request().url()).searchParams;
    const what = query.get('part') ?? `parts=${query.get('parts')}`;
    sent.push(what);
    const fate = atPart(what);
    return fate === 'hold' ? null : route[fate]().catch(() => {}); // its page may be closed by now
  });
  const folder = await mkdtemp(join(tmpdir(), 'uploads-'));
  try {
    const film = join(folder, 'film.bin');
    await writeFile(film, megabytes(9));
    let win = await board.openCard('One');
    atPart = (what) => (what === '1' && sent.filter((each) => each === '1').length === 1 ? 'abort' : 'continue');
    await adder(win).setInputFiles(film);
    await untilEqual('it is attached', () => attached(win), ['film.bin']);
    assert.deepEqual(sent.splice(0), ['0', '1', '1', '2', 'parts=1']);

    const second = join(folder, 'second.bin');
    await writeFile(second, megabytes(9));
    atPart = (what) => (what === '2' ? 'abort' : 'continue'); // one that is held may be sent when its page closes
    await adder(win).setInputFiles(second);
    await until('two parts have come', () => sent.includes('2'));
    await board.page.close();
    win = await (await openBoard(await ana.context.newPage(), path)).openCard('One');
    atPart = () => 'continue';
    sent.length = 0;
    await adder(win).setInputFiles(second);
    await untilEqual('both are attached', () => attached(win), ['film.bin', 'second.bin']);
    assert.deepEqual(sent.splice(0), ['2', 'parts=1'], 'only what had not come is sent');

    // Cancelled: the server forgets what has come, small changes go on beside it.
    const third = join(folder, 'third.bin');
    await writeFile(third, megabytes(9));
    atPart = (what) => (what === '1' ? 'hold' : 'continue');
    await adder(win).setInputFiles(third);
    await until('a part has come', () => sent.includes('1'));
    await rows(win).filter({ hasText: 'third.bin' }).locator('.btn-icon').click();
    await until('its parts are deleted', () => sent.includes('parts=0'));
    assert.deepEqual((await filesOf(ana, path, 'One')).sort(), ['film.bin', 'second.bin']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
