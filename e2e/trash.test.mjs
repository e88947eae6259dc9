/** Nothing is lost by mistake: what is deleted, archived or moved can be restored, and all members see it. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

/** Ana's board with the given lists, and Ben who may change it. */
async function sharedBoard(world, lists) {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  const { inviteAsAdminLink } = await ana.pageData(path);
  await ben.join(inviteAsAdminLink);
  await ana.fill(path, lists);
  return { ana, ben, path, a: await ana.openBoard(path), b: await ben.openBoard(path) };
}

const undoButton = (board) => board.page.locator('.toast .toastAction').last();

story('a deletion, a move and an archiving are undone, by button and by keyboard', async (world) => {
  const { ana, ben, path, a, b } = await sharedBoard(world, { 'To do': ['One', 'Two', 'Three'], Doing: ['Four'] });
  await a.keepMessages();
  await a.chooseFromCardMenu('Two', 'delete');
  await b.shows([['To do', ['One', 'Three']], ['Doing', ['Four']]]);
  await undoButton(a).click();
  await b.shows([['To do', ['One', 'Two', 'Three']], ['Doing', ['Four']]]);

  await a.dragCard('One', { toEndOf: 'Doing' });
  await b.shows([['To do', ['Two', 'Three']], ['Doing', ['Four', 'One']]]);
  await a.page.keyboard.press('Control+z');
  await b.shows([['To do', ['One', 'Two', 'Three']], ['Doing', ['Four']]]);

  await a.card('Three').locator('.cardTitle').focus();
  await a.page.keyboard.press('c');
  await b.shows([['To do', ['One', 'Two']], ['Doing', ['Four']]]);
  await a.page.keyboard.press('Control+z');
  await b.shows([['To do', ['One', 'Two', 'Three']], ['Doing', ['Four']]]);

  await a.chooseFromListMenu('To do', 'delete');
  await b.shows([['Doing', ['Four']]]);
  await undoButton(a).click();
  await b.shows([['To do', ['One', 'Two', 'Three']], ['Doing', ['Four']]]);
  await a.equals(ana, path);
  await b.equals(ben, path);
});

story('undo is refused with a reason after another member changed the card', async (world) => {
  const { a, b } = await sharedBoard(world, { 'To do': ['One', 'Two'], Doing: ['Three'] });
  await a.keepMessages();
  await a.dragCard('One', { toEndOf: 'Doing' });
  await b.shows([['To do', ['Two']], ['Doing', ['Three', 'One']]]);
  await b.dragCard('One', { before: 'Three' });
  await a.shows([['To do', ['Two']], ['Doing', ['One', 'Three']]]);
  await a.page.keyboard.press('Control+z');
  await a.page.locator('.toast-danger').waitFor();
  await a.shows([['To do', ['Two']], ['Doing', ['One', 'Three']]]);
  await b.shows([['To do', ['Two']], ['Doing', ['One', 'Three']]]);
});

story('a deleted list comes back from the trash with cards, members and files', async (world) => {
  const { ana, ben, path, a, b } = await sharedBoard(world, { 'To do': ['One', 'Two'], Doing: ['Three'] });
  const win = await a.openCard('One');
  await win.locator('input[type=file]').setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  const link = await win.locator('.fileRow a').first().getAttribute('href');
  await win.locator('.memberPicker summary').click();
  await win.locator('.memberChoice', { hasText: 'Ben' }).locator('input').check();
  await a.closeWindow();
  await until('the member is on the card', async () => await b.card('One').locator('.cardMembers .avatar').count() === 1);
  const before = await ana.snapshot(path);

  await a.chooseFromListMenu('To do', 'delete');
  await b.shows([['Doing', ['Three']]]);
  assert.equal((await ben.context.request.get(link)).status(), 200, 'who may have it back may look');
  const chloe = await world.member('Chloe');
  const { inviteLink } = await ana.pageData(path);
  await chloe.join(inviteLink);
  assert.equal((await chloe.context.request.get(link)).status(), 404, 'others may not');

  const trash = await b.openWindow('trash');
  const item = trash.locator('.trashItem', { hasText: 'To do' });
  await item.waitFor();
  assert.match(await item.textContent(), /Ana.*|One, Two/s);
  await item.locator('.btn').first().click();
  await trash.locator('[data-target="empty"]').waitFor();
  await a.shows([['To do', ['One', 'Two']], ['Doing', ['Three']]]);
  assert.deepEqual((await ana.snapshot(path)).project.lists, before.project.lists);
  await a.equals(ana, path);
});

story('the archive is searched, updated live, and emptied by way of the trash', async (world) => {
  const { ana, path, a, b } = await sharedBoard(world, { Done: ['Apples', 'Pears', 'Plums'], Next: ['Figs'] });
  const archive = await b.openWindow('archive');
  await archive.locator('[data-target="empty"]').waitFor();
  await a.chooseFromCardMenu('Apples', 'archive');
  await a.chooseFromCardMenu('Pears', 'archive');
  const names = () => archive.locator('.trashName').allTextContents();
  await until('both are in the archive', async () => (await names()).join() === 'Pears,Apples');
  await archive.locator('[type=search]').fill('apple');
  await until('one is found', async () => (await names()).join() === 'Apples');
  await archive.locator('[type=search]').fill('');
  await until('both are shown again', async () => (await names()).length === 2);

  await a.chooseFromListMenu('Done', 'archive');
  await until('the list is in the archive', async () => (await names()).join() === 'Done,Pears,Apples');
  await archive.locator('.trashItem', { hasText: 'Pears' }).locator('.btn').last().click();
  await until('Pears went to the trash', async () => (await names()).join() === 'Done,Apples');
  await archive.locator('.trashItem', { hasText: 'Apples' }).locator('.btn').first().click();
  await a.shows([['Next', ['Figs', 'Apples']]], 'it went to the only list there is');
  await until('Apples left the archive', async () => (await names()).join() === 'Done'); // the window shrinks

  await archive.locator('.dialogFoot .btn').last().click();
  const trash = b.page.locator('#w-trashWin');
  await trash.locator('.trashItem', { hasText: 'Pears' }).locator('.btn').last().click();
  await b.confirm();
  await trash.locator('[data-target="empty"]').waitFor();
  await a.equals(ana, path);
});

story('the history shows who did what: live, filtered, in pages', async (world) => {
  const { ana, path, a, b } = await sharedBoard(world, { 'To do': ['One', 'Two'], Doing: [] });
  const win = await b.openWindow('history');
  const lines = () => win.locator('.historyText > p:first-child').allTextContents();
  await until('it shows all creations', async () => (await lines()).length === 5);
  await a.dragCard('One', { toEndOf: 'Doing' });
  await until('it shows the move', async () => (await lines()).some((line) => /Ana.*One.*To do.*Doing/.test(line)));
  await a.chooseFromCardMenu('Two', 'delete');
  await until('it shows the deletion', async () => (await lines()).filter((line) => /Ana.*Two.*To do/.test(line)).length === 2);
  await win.locator('[data-target="kind"]').selectOption('cardChangedList');
  await until('only the move is shown', async () => (await lines()).length === 1);
  await win.locator('[data-target="person"]').selectOption({ label: 'Ben' });
  await win.locator('[data-target="nothing"]').waitFor();
  await win.locator('[data-target="kind"]').selectOption('');
  await until('Ben has only joined', async () => (await lines()).length === 1);

  const { project } = await ana.snapshot(path);
  const [list] = Object.keys(project.lists);
  for (let i = 0; i < 60; i += 1) {
    await ana.ask('create_card', { projectId: project.id, listId: list, name: `Card ${i}`, cardDesc: '', attachedFiles: {}, members: [] });
  }
  await win.locator('[data-target="person"]').selectOption('');
  await until('the newest part is shown', async () => (await lines()).some((line) => line.includes('Card 59')) && (await lines()).length >= 50);
  await win.locator('[data-target="more"]').click();
  await until('older ones follow', async () => (await lines()).length === 67);
  assert.equal(new Set(await lines()).size, 67, 'no entry is shown twice');
});
