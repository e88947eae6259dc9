/** ⟦.Title⟧: a card is marked from its menu. */
import { story } from './lib/story.js';

story('⟦.Name⟧: a mark is shown on both screens, survives a reload and is undone', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('party');
  await ben.join((await ana.pageData(path)).inviteAsAdminLink);
  await ana.fill(path, { 'To do': ['One', 'Two'] });
  const [a, b] = [await ana.openBoard(path), await ben.openBoard(path)];
  const chip = (board, shown) => board.card('One').locator('[data-part="⟦.Name⟧"]').waitFor({ state: shown ? 'visible' : 'hidden' });
  await a.chooseFromCardMenu('One', 'star');
  await chip(a, true);
  await chip(b, true);
  await chip(await ben.openBoard(path), true);
  await (await ben.openBoard(`${path}?⟦.Name⟧=on`)).card('Two').waitFor({ state: 'hidden' });
  await a.page.keyboard.press('Control+z');
  await chip(a, false);
  await chip(b, false);
});
