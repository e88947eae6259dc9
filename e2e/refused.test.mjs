import { story } from './lib/story.js';
import { until } from './lib/until.js';

story('a refused operation is rolled back with a message', async (world) => {
  const ana = await world.member('Ana');
  const path = await ana.makeProject('picnic');
  await ana.fill(path, { 'To do': ['Bread'] });
  // Past the page's own rules, so that only the server can refuse.
  const page = await ana.context.newPage();
  let isOpen = false;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(typeof message === 'string' ? message.replace('"name":"too long"', `"name":"${'x'.repeat(65)}"`) : message));
    server.onMessage((message) => socket.send(message));
    isOpen = true;
  });
  const board = await ana.openBoard(path, page);
  await until('the page uses its WebSocket', () => isOpen);
  await board.addLists('Probe');
  await board.equals(ana, path);
  const composer = page.locator('lists-composer');
  await composer.locator('[data-target="opener"]').click();
  const field = composer.locator('[data-target="field"]');
  await field.fill('too long');
  await field.press('Enter');
  await page.locator('.toast-danger', { hasText: '64' }).first().waitFor();
  await until('it is back in its field', async () => await field.inputValue() === 'too long');
  await board.shows([['To do', ['Bread']], ['Probe', []]], 'the refused list is gone');
  await board.equals(ana, path);
});
