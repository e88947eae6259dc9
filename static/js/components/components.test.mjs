import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeText } from './time.js';

const MINUTE = 60_000;
const now = Date.UTC(2026, 4, 20, 12);

for (const [past, language, want] of [
  [0, 'en', 'now'],
  [59_000, 'de', 'jetzt'],
  [5 * MINUTE, 'en', '5 minutes ago'],
  [59 * MINUTE, 'en', '59 minutes ago'],
  [60 * MINUTE, 'de', 'vor 1 Stunde'],
  [25 * 60 * MINUTE, 'en', 'yesterday'],
  [6 * 24 * 60 * MINUTE, 'de', 'vor 6 Tagen'],
  [-59_000, 'en', 'now'],
  [-MINUTE, 'en', 'in 1 minute'],
  [-2 * 60 * MINUTE, 'en', 'in 2 hours'],
  [-30 * 24 * 60 * MINUTE, 'de', '19.06.2026'],
  [30 * 24 * 60 * MINUTE, 'en', 'Apr 20, 2026'],
]) {
  test(`${past / MINUTE} minutes ago in ${language}`, () => assert.equal(timeText(new Date(now - past), now, language), want));
}
