/** This browser's subscription to notifications (Web Push). The service worker shows them; see modules/notifications/worker.js. */
import { fetchJSON } from '../lib/http.js';
import { askPermission, permission, subscribe, subscription } from '../lib/push.js';
import { t } from '../lib/i18n.js';

const WORKER = '/notifications/worker.js';
const PATH = '/notifications/push';

/** "unsupported", "denied" by the person, "on" or "off". */
export async function stateOf() {
  const given = permission();
  if (given === 'unsupported' || given === 'denied') return given;
  return await subscription(WORKER) ? 'on' : 'off';
}

/** Asks for the permission and subscribes; only as the answer to a click. Returns the state. */
export async function turnOn() {
  if (await askPermission() !== 'granted') return stateOf();
  const { key } = await fetchJSON(PATH);
  await save(await subscribe(WORKER, key));
  return 'on';
}

/** Ends the subscription. Returns the state. */
export async function turnOff() {
  const ended = await subscription(WORKER);
  if (ended) {
    await fetchJSON(`${PATH}/remove`, { body: new URLSearchParams({ endpoint: ended.endpoint }) });
    await ended.unsubscribe();
  }
  return stateOf();
}

/** Tells the server of the subscription again: it ends with each login, and another person may have had it. */
export async function renew() {
  const known = permission() === 'granted' ? await subscription(WORKER) : null;
  if (known) await save(known);
}

/** Whether the server sends to browsers at all. */
export function isOffered() {
  return fetchJSON(PATH).then(() => true, () => false);
}

function save(browser) {
  const { endpoint, keys: { p256dh, auth } } = browser.toJSON();
  return fetchJSON(PATH, { body: new URLSearchParams({ endpoint, p256dh, auth }) });
}

const texts = {
  on: 'notifications.js.push.on', off: 'notifications.js.push.off', denied: 'notifications.js.push.denied', unsupported: 'notifications.js.push.unsupported',
};

/** What a state is called. */
export function textOf(state) {
  return t(texts[state]);
}
