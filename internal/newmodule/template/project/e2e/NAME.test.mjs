/** ⟦.Title⟧: members change a text of the project in a dialog. */
import { story } from './lib/story.js';
import { untilEqual } from './lib/until.js';

story('⟦.Name⟧: a text is saved, shown to another member and undone', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  const win = await a.openWindow('⟦.Name⟧');
  await win.locator('textarea').fill('Bring cake');
  await win.locator('[type="submit"]').click();
  await win.waitFor({ state: 'hidden' });
  const shown = async () => (await ben.snapshot(path)).project.⟦.Name⟧;
  await untilEqual('the text is saved', shown, 'Bring cake');
  const other = await b.openWindow('⟦.Name⟧');
  await untilEqual('the other member sees it', () => other.locator('textarea').inputValue(), 'Bring cake');
  await a.page.keyboard.press('Control+z');
  await untilEqual('the text is undone', shown, '');
  await untilEqual('the other member sees that, too', () => other.locator('textarea').inputValue(), '');
});
