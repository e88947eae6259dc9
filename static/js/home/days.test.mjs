import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayLabel } from './days.js';

const now = new Date(2026, 2, 30, 0, 30); // just after midnight, a day after the clocks changed in Europe

for (const [time, language, want] of [
  [new Date(2026, 2, 30, 0, 10), 'en', 'today'],
  [new Date(2026, 2, 29, 23, 50), 'en', 'yesterday'],
  [new Date(2026, 2, 28, 0, 0), 'de', 'vorgestern'],
  [new Date(2026, 2, 26, 12), 'en', '4 days ago'],
  [new Date(2026, 2, 25, 12), 'en', 'March 25, 2026'],
  [new Date(2026, 2, 25, 12), 'de', '25. März 2026'],
  [new Date(2026, 2, 31, 12), 'en', 'tomorrow'], // a clock that is slow
]) {
  test(`${time.toISOString()} is ${want}`, () => assert.equal(dayLabel(time, now, language), want));
}
