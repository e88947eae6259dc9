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

// A page in the foreground shows what has happened by itself.
async function show({ title, body, url, tag, lang }) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!title || pages.some(({ visibilityState }) => visibilityState === 'visible')) return;
  await self.registration.showNotification(title, { body, tag, lang, data: { url } });
}
