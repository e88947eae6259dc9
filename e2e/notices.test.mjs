/** What a page says in passing: in one place, as long as someone may be reading it, and without scripts too. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

const NEXT_PAGE = 'handOver'; // the message that one page leaves for the next

story('a message goes after eight seconds, and stays while the pointer or the focus is on it', async (world) => {
  const ana = await world.member('Ana');
  const page = await ana.context.newPage();
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(60_000);
  const toast = page.locator('.toast');
  const appears = async () => {
    await page.evaluate((key) => sessionStorage.setItem(key, 'Read me'), NEXT_PAGE);
    await page.reload();
    await toast.waitFor();
  };
  await page.goto('/new');
  await page.locator('ui-flash').waitFor({ state: 'detached' }); // it has taken what was for this page
  await appears();
  await page.clock.runFor(7_900);
  assert.equal(await toast.count(), 1);
  await page.clock.runFor(200);
  assert.equal(await toast.count(), 0);

  await appears();
  await toast.hover();
  await toast.locator('.toastClose').focus();
  await page.clock.runFor(60_000);
  assert.equal(await toast.count(), 1);
  await page.mouse.move(0, 0);
  await page.clock.runFor(60_000);
  assert.equal(await toast.count(), 1, 'the focus is still there');
  await page.locator('.pageHeader .logo').focus();
  await page.clock.runFor(8_100);
  assert.equal(await toast.count(), 0);
});

story('messages of the server and of the page before are beside each other, and nothing asks about cookies', async (world) => {
  await world.member('Ben');
  const ana = await world.member('Ana', { locale: 'de-DE', viewport: { width: 360, height: 740 } });
  const page = await ana.context.newPage();
  await page.goto('/new-friend');
  await page.locator('ui-flash').waitFor({ state: 'detached' }); // it has taken what was for this page
  await page.evaluate((key) => sessionStorage.setItem(key, 'Von der Seite davor'), NEXT_PAGE);
  await page.locator('[name=name]').fill('Ben');
  await page.locator('main button[type=submit]').click();
  await until('both are there', async () => await page.locator('.toasts .toast').count() === 2);
  const [first, second] = await page.locator('.toast').evaluateAll((toasts) => toasts.map((toast) => toast.getBoundingClientRect().toJSON()));
  assert.ok(first.bottom <= second.top, `one lies on the other: ${first.bottom} ${second.top}`);
  for (const { left, right, bottom } of [first, second]) assert.ok(left >= 0 && right <= 360 && bottom <= 740);
  assert.doesNotMatch(await page.locator('body').innerText(), /cookie/i);
});

story('without scripts a message is part of the page', async (world) => {
  await world.member('Ben');
  const ana = await world.member('Ana');
  const plain = await world.visitor('Ana', { javaScriptEnabled: false, storageState: await ana.context.storageState() });
  const page = await plain.context.newPage();
  await page.goto('/new-friend');
  await page.locator('[name=name]').fill('Ben');
  await page.locator('main button[type=submit]').click();
  const notice = page.locator('main .flash .notice', { hasText: 'Ben' });
  await notice.waitFor();
  await page.reload();
  assert.equal(await notice.count(), 0, 'it is said once');
});
