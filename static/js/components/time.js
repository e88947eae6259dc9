/** Times in the viewer's time zone: relative while recent, complete in the tooltip. */
import { el } from '../lib/dom.js';
import { serverNow } from '../lib/clock.js';
import { locale } from '../lib/i18n.js';

const MINUTE = 60_000; // ms
const STEPS = [
  { unit: 'minute', length: MINUTE, until: 60 * MINUTE },
  { unit: 'hour', length: 60 * MINUTE, until: 24 * 60 * MINUTE },
  { unit: 'day', length: 24 * 60 * MINUTE, until: 7 * 24 * 60 * MINUTE },
];

/**
 * The text for a time: relative within a week, then the date. What is less than a minute ahead is now: the clock of a server
 * may be ahead of the one that has told its time.
 */
export function timeText(time, now, language) {
  const past = now - time;
  const step = STEPS.find(({ until }) => Math.abs(past) < until);
  if (!step) return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(time);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const amount = Math.trunc(past / step.length);
  return amount === 0 ? relative.format(0, 'second') : relative.format(-amount, step.unit);
}

/** The element for a time, given as a Date or a text that Date parses. */
export function timeElement(time) {
  const date = new Date(time);
  const node = el('time', { datetime: date.toISOString() });
  show(node, serverNow());
  return node;
}

/** Keeps all times below root up to date. */
export function localTimes(root) {
  showTimes(root);
  setInterval(() => showTimes(root), MINUTE);
}

/** Updates all times below root, for content that was inserted. */
export function showTimes(root) {
  for (const node of root.querySelectorAll('time[datetime]')) show(node, serverNow());
}

function show(node, now) {
  const time = new Date(node.dateTime);
  if (Number.isNaN(time.getTime())) return;
  node.textContent = timeText(time, now, locale());
  node.title = new Intl.DateTimeFormat(locale(), { dateStyle: 'full', timeStyle: 'short' }).format(time);
}
