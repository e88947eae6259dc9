/**
 * The browser's notifications of this site, without exceptions: they do not exist on pages without TLS, and a browser may forbid
 * even to look. No other file touches them (ESLint).
 */

/** "granted", "denied", "default" (not asked yet), or "unsupported". */
export function permission() {
  try {
    return 'PushManager' in window && navigator.serviceWorker ? Notification.permission : 'unsupported';
  } catch {
    return 'unsupported';
  }
}

/** Asks the person, if they have not been asked; returns what `permission` returns then. Only as the answer to a click. */
export async function askPermission() {
  try {
    await Notification.requestPermission();
  } catch {
    // as if they had not answered
  }
  return permission();
}

/** The subscription of this browser, or null. */
export async function subscription(worker) {
  try {
    const registration = await navigator.serviceWorker.getRegistration(worker);
    return await registration?.pushManager.getSubscription() ?? null;
  } catch {
    return null;
  }
}

/** Subscribes this browser: `worker` is the address of the service worker, `key` that of the server. Throws what the browser throws. */
export async function subscribe(worker, key) {
  await navigator.serviceWorker.register(worker);
  const registration = await navigator.serviceWorker.getRegistration(worker);
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}
