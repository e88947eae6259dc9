/** The days of the feed: a heading before the first entry of each, as the viewer's calendar has it. */
import { el } from '../lib/dom.js';

const NAMED_DAYS = 4; // so many days ago are named, older ones have their date
const DAY = 24 * 60 * 60_000; // ms

/** What a day is called on another day; both are given by any of their times. */
export function dayLabel(time, now, language) {
  const days = Math.round((midnight(now) - midnight(time)) / DAY);
  if (Math.abs(days) > NAMED_DAYS) return new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(time);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-days, 'day');
}

function midnight(time) {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}

/** Puts the headings into a list of entries, the newest first, in place of those it has. */
export function groupByDay(list, now, language) {
  for (const heading of list.querySelectorAll(':scope > .feedDay')) heading.remove();
  let last = null;
  for (const entry of [...list.children]) {
    const label = dayLabel(new Date(entry.querySelector('time').dateTime), now, language);
    if (label !== last) entry.before(el('li', { class: 'feedDay', id: `day-${label.replaceAll(/\W+/g, '-')}` }, el('h3', {}, label)));
    last = label;
  }
}
