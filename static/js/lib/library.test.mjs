import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lexicon, locale } from './i18n.js';
import { coalesce, debounce, wait } from './timing.js';

test('texts: placeholders, plural, unknown keys', () => {
  const lexicon = new Lexicon('de', { 'a.js.hello': 'Hallo {{.Name}}, {{ .Name }}', 'a.js.cards': { one: '{{.Count}} Karte', other: '{{.Count}} Karten' } });
  assert.equal(lexicon.t('a.js.hello', { name: 'Mara' }), 'Hallo Mara, Mara');
  assert.equal(lexicon.t('a.js.hello', { Name: '{{.Name}}' }), 'Hallo {{.Name}}, {{.Name}}');
  assert.equal(lexicon.t('a.js.cards', { Count: 1 }), '1 Karte');
  assert.equal(lexicon.t('a.js.cards', { count: 0 }), '0 Karten');
  assert.equal(lexicon.t('a.js.none'), 'a.js.none');
});

test('dates are written as in the viewer\'s region, in the page\'s language', () => {
  assert.equal(locale('en', ['de-DE', 'en-GB', 'en-US']), 'en-GB');
  assert.equal(locale('de', ['en-GB', 'de-AT']), 'de-AT');
  assert.equal(locale('de', ['en-GB', 'den']), 'de');
  assert.equal(locale('en', []), 'en');
});

test('coalesce never runs twice at once, and once more for all calls during a run', async () => {
  const begun = [];
  const run = coalesce(() => new Promise((resolve) => { begun.push(resolve); }));
  const first = run();
  const [second, third] = [run(), run()];
  assert.equal(begun.length, 1);
  assert.equal(second, third);
  begun[0]();
  await first;
  await Promise.resolve();
  assert.equal(begun.length, 2);
  begun[1]();
  await second;
  run();
  assert.equal(begun.length, 3);
});

test('debounce calls once, with the last arguments', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const calls = [];
  const later = debounce((value) => calls.push(value), 100);
  later(1);
  context.mock.timers.tick(99);
  later(2);
  context.mock.timers.tick(99);
  assert.deepEqual(calls, []);
  context.mock.timers.tick(1);
  assert.deepEqual(calls, [2]);
  later(3);
  later.cancel();
  context.mock.timers.tick(1000);
  assert.deepEqual(calls, [2]);
  later(4);
  later.flush();
  later.flush();
  assert.deepEqual(calls, [2, 4]);
  context.mock.timers.tick(1000);
  assert.deepEqual(calls, [2, 4], 'what was done at once is not done again');
});

test('wait ends with its signal', async () => {
  const lifetime = new AbortController();
  const waiting = wait(60_000, lifetime.signal);
  lifetime.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  await assert.rejects(wait(60_000, lifetime.signal), { name: 'AbortError' });
});
