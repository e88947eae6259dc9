/** The bundle on a CDN: it comes from there, checked, and from the server itself if the CDN fails. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

const dist = path.join(import.meta.dirname, '../static/dist');
const types = { '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml', '.webp': 'image/webp', '.png': 'image/png' };

// How the CDN answers: as it should, not at all, or with a file that is not ours.
let mood = 'well';
const cdn = createServer(async (request, response) => {
  const name = path.normalize(new URL(request.url, 'http://cdn').pathname);
  const data = await readFile(path.join(dist, name)).catch(() => null);
  if (!data || mood === 'away') {
    request.socket.destroy();
    return;
  }
  response.writeHead(200, { 'Content-Type': types[path.extname(name)], 'Access-Control-Allow-Origin': '*' });
  response.end(mood === 'forged' && name.endsWith('.js') ? `${data}\nglobalThis.forged = true;` : data);
}).listen(0, '127.0.0.1');
await once(cdn, 'listening');
cdn.unref();
const address = `http://127.0.0.1:${cdn.address().port}`;

/** Opens a board in a new browser, and counts where its scripts and styles came from. */
async function openBoard(world, person, board) {
  const page = await person.context.newPage();
  const cdp = await person.context.newCDPSession(page);
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  const from = { cdn: 0, own: 0 };
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    if (!/\.(js|css)$/.test(pathname)) return;
    if (origin === address) from.cdn += 1;
    else if (pathname.startsWith('/static/') && !pathname.includes('/fallback.')) from.own += 1;
  });
  await page.goto(board);
  await page.locator('board-root[data-ready]').waitFor({ state: 'attached' });
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('board-root')).display), 'inline', 'the styles are there');
  return { page, from };
}

story('a page takes the bundle from the CDN, and from its server what the CDN does not deliver', async (world) => {
  world.excuse(/ERR_EMPTY_RESPONSE|integrity|Failed to (find|load)/);
  const ana = await world.member('Ana');
  const board = await ana.makeProject('board');
  mood = 'well';
  const well = await openBoard(world, ana, board);
  await until('a change is saved', async () => (await ana.snapshot(board)).project !== undefined);
  assert.ok(well.from.cdn > 4 && well.from.own === 0, `${well.from.cdn} files of the CDN, ${well.from.own} of the server`);

  mood = 'away';
  const away = await openBoard(world, ana, board);
  assert.ok(away.from.cdn === 0 && away.from.own > 4, `without the CDN ${away.from.own} files of the server`);

  mood = 'forged';
  const forged = await openBoard(world, ana, board);
  assert.equal(await forged.page.evaluate(() => globalThis.forged), undefined, 'a script of others does not run');
  assert.ok(forged.from.own > 4, `${forged.from.own} files of the server`);
}, { env: { TASKSTACK_STATIC_URL: address } });
