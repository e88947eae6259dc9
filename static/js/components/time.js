/** Times in the viewer's zone: relative while recent, and always whole on hover. */
import { el } from '../lib/dom.js';
import { serverNow } from '../lib/clock.js';
import { lang } from '../lib/i18n.js';

const MINUTE = 60_000; // ms
const STEPS = [
  { unit: 'minute', length: MINUTE, until: 60 * MINUTE },
  { unit: 'hour', length: 60 * MINUTE, until: 24 * 60 * MINUTE },
  { unit: 'day', length: 24 * 60 * MINUTE, until: 7 * 24 * 60 * MINUTE },
];

/** What is shown for a time: relative within a week, then the date. */
export function timeText(time, now, language) {
  const past = now - time;
  const step = STEPS.find(({ until }) => Math.abs(past) < until);
  if (!step) return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(time);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const amount = Math.trunc(past / step.length);
  return amount === 0 ? relative.format(0, 'second') : relative.format(-amount, step.unit);
}

/** A time for the page, given as Date or text that Date understands. */
export function timeElement(time) {
  const date = new Date(time);
  const node = el('time', { datetime: date.toISOString() });
  show(node, serverNow());
  return node;
}

/** Keeps all times below root up to date, as long as the page lives. */
export function localTimes(root) {
  showTimes(root);
  setInterval(() => showTimes(root), MINUTE);
}

/** Shows all times below root as they are now, for what has come into the page. */
export function showTimes(root) {
  for (const node of root.querySelectorAll('time[datetime]')) show(node, serverNow());
}

function show(node, now) {
  const time = new Date(node.dateTime);
  if (Number.isNaN(time.getTime())) return;
  // What has happened is never in the future, whatever the clocks say.
  node.textContent = timeText(Math.min(time, now), now, lang());
  node.title = new Intl.DateTimeFormat(lang(), { dateStyle: 'full', timeStyle: 'short' }).format(time);
}
