/**
 * The service worker: it shows pushes, and leads to what they are about. It has no handler of "fetch", so pages never pass
 * through it, and it caches nothing.
 */
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.json() ?? {})));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data?.url ?? '/notifications'));
});

// The browser has given up the subscription, such as by a new address of its push service: the server is told of the new one. Without a
// login nothing is: the next page with one renews it (static/js/notifications/browser.js).
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));

async function renew({ oldSubscription, newSubscription }) {
  const answer = await fetch('/notifications/push', { headers: { Accept: 'application/json' } });
  if (!answer.ok) return;
  const { key, token } = await answer.json();
  const browser = newSubscription ?? await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys: { p256dh, auth } } = browser.toJSON();
  const post = (path, fields) => fetch(path, { method: 'POST', headers: { Accept: 'application/json', 'X-Token': token }, body: new URLSearchParams(fields) });
  await post('/notifications/push', { endpoint, p256dh, auth });
  if (oldSubscription && oldSubscription.endpoint !== endpoint) await post('/notifications/push/remove', { endpoint: oldSubscription.endpoint });
}

// A page in the foreground shows what has happened by itself.
async function show({ title, body, url, tag, lang }) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!title || pages.some(({ visibilityState }) => visibilityState === 'visible')) return;
  await self.registration.showNotification(title, { body, tag, lang, data: { url } });
}
