/** Watching cards and lists: from their menus and windows; what others do with them is told at the bell. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { until } from './lib/until.js';

const looks = [
  { name: 'light-en-desktop', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-de-phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

async function look(page, name) {
  await page.screenshot({ path: join(artifacts, 'screens', `watching-${name}.png`) });
  await assertAccessible(page);
}

for (const { name, ...options } of looks) {
  story(`who watches a card or a list is told what others do with it (${name})`, async (world) => {
    const ana = await world.member('Ana', options);
    const ben = await world.member('Ben');
    const path = await ben.makeProject('plan');
    await ben.fill(path, { 'To do': ['Paint', 'Sand'], Done: ['Buy'] });
    const { inviteLink } = await ben.pageData(path);
    await ana.join(inviteLink);

    const board = await ana.openBoard(path);
    const { page } = board;
    const card = await board.openCard('Paint');
    const button = card.locator('watching-item button');
    await button.click();
    await card.locator('watching-item [data-target="hint"]').waitFor();
    await look(page, `${name}-card`);
    // The other tab knows it after a reload, and the menu says it.
    await board.closeWindow();
    await page.reload();
    await board.isAwake();
    await board.openList('Done');
    await page.locator('#w-listWin watching-item button').click();
    await page.locator('#w-listWin watching-item [data-target="hint"]').waitFor();
    await look(page, `${name}-list`);
    await board.closeWindow();

    const bens = await ben.openBoard(path);
    await bens.chooseFromCardMenu('Paint', 'archive');
    await bens.chooseFromCardMenu('Sand', 'arrowRight');
    const bell = await ana.context.newPage();
    await bell.goto('/notifications');
    await until('both are told', async () => {
      await bell.reload();
      return await bell.locator('.feedEntry').count() >= 2;
    });
    const texts = await bell.locator('.feedEntry .feedLink').allInnerTexts();
    assert.ok(texts.some((text) => text.includes('Paint')) && texts.some((text) => text.includes('Sand')), texts.join(' | '));
    await look(bell, `${name}-bell`);
    await bell.goto('/notifications/settings');
    await bell.locator('[name="kind.watching.card"]').first().waitFor();
    await look(bell, `${name}-settings`);
  });
}
