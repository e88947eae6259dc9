/** A browser that keeps nothing for this site, as "block all site data" makes it: looking at a storage throws. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

/** Makes pages of a context look as if everything were forbidden that a browser can forbid, and TLS were missing. */
async function block(context) {
  await context.addInitScript(() => {
    const refuse = () => { throw new DOMException('Access is denied for this document.', 'SecurityError'); };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore', 'Notification', 'BroadcastChannel']) {
      Object.defineProperty(window, name, { get: refuse });
    }
    for (const name of ['clipboard', 'locks', 'storage', 'serviceWorker']) Object.defineProperty(Navigator.prototype, name, { get: () => undefined });
    Object.defineProperty(Crypto.prototype, 'randomUUID', { get: () => undefined });
    Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });
  });
}

story('with site data blocked, public and own boards open and can be changed', async (world) => {
  const ana = await world.member('Ana');
  await block(ana.context);
  const path = await ana.makeProject('garden');
  await ana.fill(path, { 'To do': ['Seeds', 'Soil'] });
  const board = await ana.openBoard(path);
  await board.shows([['To do', ['Seeds', 'Soil']]]);
  await board.addCards('To do', 'Water');
  await board.addLists('Done');
  await board.dragCard('Seeds', { toEndOf: 'Done' });
  const win = await board.openCard('Soil');
  const desc = win.locator('ui-inplace[data-target="desc"]');
  await desc.locator('[data-target="opener"]').click();
  await desc.locator('textarea').fill('two bags');
  await desc.locator('[data-target="saver"]').click();
  await until('the description is shown', async () => await desc.locator('[data-target="text"]').textContent() === 'two bags');
  await board.closeWindow();
  await board.page.keyboard.press('?');
  await board.closeWindow();
  await board.shows([['To do', ['Soil', 'Water']], ['Done', ['Seeds']]]);
  await board.equals(ana, path);
  const { project } = await ana.snapshot(path);
  const answer = await ana.ask('change_project_visibility', { projectId: project.id, value: 'public' });
  assert.ok(answer.ok, JSON.stringify(answer));
  const guest = await world.visitor('Guest');
  await block(guest.context);
  const seen = await guest.openBoard(path);
  await seen.shows([['To do', ['Soil', 'Water']], ['Done', ['Seeds']]]);
  await board.addCards('Done', 'Tools');
  await seen.shows([['To do', ['Soil', 'Water']], ['Done', ['Seeds', 'Tools']]]);
});
