/**
 * Notifications in this browser: turned on and off in the settings, offered at the first notification, shown by the service worker. A
 * push service cannot be reached from here, so the browser's subscription is one of the test; how the server sends is tested in Go.
 */
import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { until } from './lib/until.js';

const looks = [
  { name: 'light-en-desktop', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-de-phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

// A browser that subscribes without a push service; it remembers that as a real one does.
async function withPushService(person) {
  const keys = { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
  await person.context.addInitScript((own) => {
    const endpoint = 'https://push.example.org/abc';
    const made = () => (localStorage.getItem('test-subscription') ? {
      endpoint, toJSON: () => ({ endpoint, keys: own }),
      unsubscribe: async () => { localStorage.removeItem('test-subscription'); return true; },
    } : null);
    PushManager.prototype.getSubscription = async () => made();
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      localStorage.setItem('test-subscription', applicationServerKey);
      return made();
    };
    Object.defineProperty(Notification, 'permission', { get: () => localStorage.getItem('test-permission') ?? 'default' });
    Notification.requestPermission = async () => {
      localStorage.setItem('test-permission', 'granted');
      return 'granted';
    };
  }, keys);
}

async function look(page, name) {
  await page.screenshot({ path: join(artifacts, 'screens', `push-${name}.png`) });
  await assertAccessible(page);
}

const isAwake = (page) => page.waitForFunction(() => !document.querySelector(':not(:defined)'));

for (const { name, ...options } of looks) {
  story(`notifications in the browser are offered, turned off and on (${name})`, async (world) => {
    const ana = await world.member('Ana', options);
    const ben = await world.member('Ben');
    await withPushService(ana);
    const page = await ana.context.newPage();
    await page.goto('/notifications');
    await isAwake(page);
    assert.equal(await page.locator('notifications-offer').isVisible(), false, 'nothing is offered without a notification');
    await ben.post('/new-friend', { name: 'Ana' });
    await page.reload();
    await page.locator('notifications-offer').waitFor();
    await look(page, `${name}-offer`);
    await page.locator('notifications-offer [data-action="click:accept"]').click();
    await page.locator('.toast-success').waitFor();
    assert.equal(await page.locator('notifications-offer').isVisible(), false);

    await page.goto('/notifications/settings');
    const [on, off] = [page.locator('[data-target="pushOn"]'), page.locator('[data-target="pushOff"]')];
    await off.waitFor();
    await page.locator('[name="push"][value="cards.assigned"]').uncheck();
    await look(page, `${name}-settings`);
    await off.click();
    await on.waitFor();
    await page.locator('main button[type="submit"]').click();
    await page.waitForURL(/settings$/);
    await isAwake(page);
    await on.waitFor();
    assert.equal(await page.locator('[name="push"][value="cards.assigned"]').isChecked(), false);
    assert.equal(await page.locator('[name="push"][value="cards.mentioned"]').isChecked(), true);
    await on.click();
    await off.waitFor();
  });
}

story('the service worker runs, and stands between no page and the server', async (world) => {
  const ana = await world.member('Ana');
  const page = await ana.context.newPage();
  await page.goto('/notifications/settings');
  await page.evaluate(() => navigator.serviceWorker.register('/notifications/worker.js'));
  const worker = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration('/notifications/worker.js'))?.active?.state);
  await until('it is active', async () => await worker() === 'activated');
  await page.reload();
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  assert.equal(await page.evaluate(() => performance.getEntriesByType('navigation')[0].workerStart), 0, 'the page has not passed through it');
});
