/** Undo and redo of everything a person does on a board, while another person watches and works on it, too. */
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const LISTS = { 'To do': ['One', 'Two', 'Three'], Done: ['Four'] };
const START = Object.entries(LISTS);

async function shared(world) {
  const [ana, ben] = [await world.member('Ana'), await world.member('Ben')];
  const path = await ana.makeProject('plans');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(path, LISTS);
  return { ana, path, a: await ana.openBoard(path), b: await ben.openBoard(path) };
}

async function rename(board, from, to) {
  const win = await board.openCard(from);
  await win.locator('.dialogHead .inplaceOpen').click();
  await win.locator('.dialogHead input').fill(to);
  await board.page.keyboard.press('Enter');
  await board.closeWindow();
  await board.card(to).waitFor();
}

async function assign(board, card) {
  await board.card(card).locator('.cardTitle').focus();
  await board.page.keyboard.press('m');
  await board.page.locator('#w-cardWin .memberChoice').first().click();
  await board.closeWindow();
  await board.card(card).locator('.avatar').waitFor();
}

const faces = (board, card) => board.card(card).locator('[data-part="members"] .avatar').count();

story('many acts of every kind are undone one by one and redone, and the other person sees each', async (world) => {
  const { ana, path, a, b } = await shared(world);
  const { keyboard } = a.page;
  const messages = await a.recordSeen('.toastAction');
  await rename(a, 'One', 'First');
  await assign(a, 'Two');
  await a.chooseFromCardMenu('First', 'arrowRight');
  await a.chooseFromListMenu('Done', 'arrowLeft');
  await untilEqual('what is seen needs no message', messages, { '.toastAction': 0 });
  await a.card('Three').locator('.cardTitle').focus();
  await keyboard.press('c');
  await a.page.locator('.toastAction').waitFor();
  const steps = [
    START,
    [['To do', ['First', 'Two', 'Three']], ['Done', ['Four']]],
    [['To do', ['First', 'Two', 'Three']], ['Done', ['Four']]],
    [['To do', ['Two', 'Three']], ['Done', ['First', 'Four']]],
    [['Done', ['First', 'Four']], ['To do', ['Two', 'Three']]],
    [['Done', ['First', 'Four']], ['To do', ['Two']]],
  ];
  for (const board of [a, b]) await board.shows(steps.at(-1));
  for (const expected of steps.slice(0, -1).reverse()) {
    await keyboard.press('Control+z');
    for (const board of [a, b]) await board.shows(expected);
  }
  for (const board of [a, b]) await untilEqual('the member is off the card', () => faces(board, 'Two'), 0);
  for (const expected of steps.slice(1)) {
    await keyboard.press('Control+Shift+z');
    for (const board of [a, b]) await board.shows(expected);
  }
  for (const board of [a, b]) await untilEqual('the member is on the card', () => faces(board, 'Two'), 1);
  await a.keepMessages();
  await keyboard.press('Control+Shift+z');
  await a.toast('Nothing to redo').waitFor();
  await a.equals(ana, path);
});

story('what another person has changed since is left as it is, with words; a new act ends what could be redone', async (world) => {
  const { ana, path, a, b } = await shared(world);
  await a.keepMessages();
  const { keyboard } = a.page;
  await rename(a, 'One', 'First');
  await b.card('First').waitFor();
  await rename(b, 'First', 'Premier');
  await a.card('Premier').waitFor();
  await keyboard.press('Control+z');
  await a.page.locator('.toast-danger, .toast-warning').first().waitFor();
  for (const board of [a, b]) await board.shows([['To do', ['Premier', 'Two', 'Three']], ['Done', ['Four']]]);

  // Undone, then changed by the other: it is not done again over their head.
  await a.card('Three').locator('.cardTitle').focus();
  await keyboard.press('c');
  await b.card('Three').waitFor({ state: 'detached' });
  await keyboard.press('Control+z');
  await b.card('Three').waitFor();
  await rename(b, 'Three', 'Third');
  await a.card('Third').waitFor();
  await keyboard.press('Control+Shift+z');
  await a.toast('in the meantime').last().waitFor();
  for (const board of [a, b]) await board.shows([['To do', ['Premier', 'Two', 'Third']], ['Done', ['Four']]]);

  await a.chooseFromCardMenu('Two', 'arrowRight');
  await keyboard.press('Control+z');
  await a.shows([['To do', ['Premier', 'Two', 'Third']], ['Done', ['Four']]]);
  await a.chooseFromCardMenu('Third', 'chevronUp');
  await keyboard.press('Control+Shift+z');
  await a.toast('Nothing to redo').waitFor();
  await a.shows([['To do', ['Third', 'Premier', 'Two']], ['Done', ['Four']]]);
  await until('everything is sent', async () => await a.page.locator('.card-pending').count() === 0);
  await a.equals(ana, path);
});

async function describe(board, values) {
  const details = await board.openWindow('details');
  for (const [name, value] of Object.entries(values)) await details.locator(`[name="${name}"]`).fill(value);
  await details.locator('[type="submit"]').click();
  await board.page.locator('#w-settingsWin').waitFor({ state: 'hidden' });
}

story('title and description of the project are undone and redone; what another owner has written since stays', async (world) => {
  const { ana, path, a, b } = await shared(world);
  const other = await ana.openBoard(path);
  const heading = (board, title) => board.page.locator('.boardTitle', { hasText: title }).waitFor();
  const { keyboard } = a.page;
  await describe(a, { title: 'Summer plans' });
  await describe(a, { projectDesc: 'In June' });
  await a.toast('Description of “Summer plans” changed.').waitFor();
  for (const board of [a, b]) await board.page.locator('.boardDesc', { hasText: 'In June' }).waitFor();
  await keyboard.press('Control+z');
  for (const board of [a, b]) await board.page.locator('.boardDesc', { hasText: 'In June' }).waitFor({ state: 'detached' });
  await keyboard.press('Control+z');
  for (const board of [a, b]) await heading(board, 'plans');
  await keyboard.press('Control+Shift+z');
  for (const board of [a, b]) await heading(board, 'Summer plans');

  await describe(other, { title: 'Winter plans' });
  await heading(a, 'Winter plans');
  await keyboard.press('Control+z');
  await a.page.locator('.toast-danger').waitFor();
  for (const board of [a, b]) await heading(board, 'Winter plans');
});
