import assert from 'node:assert/strict';
import { test } from 'node:test';

test('a device whose clock is nine minutes slow shows the server\'s time', async (t) => {
  const server = Date.UTC(2026, 10, 29, 12, 0, 0);
  const device = server - 9 * 60_000;
  t.mock.timers.enable({ apis: ['Date'], now: device });
  const before = [globalThis.document, Object.getOwnPropertyDescriptor(globalThis, 'performance')];
  globalThis.document = { querySelector: (selector) => (selector === 'meta[name="server-time"]' ? { content: new Date(server).toISOString() } : null) };
  // The answer began to come 300 ms after the page was asked for, by the device's clock.
  Object.defineProperty(globalThis, 'performance', { configurable: true, value: { timeOrigin: device - 300, getEntriesByType: () => [{ responseStart: 300 }] } });
  try {
    const { serverNow } = await import('./clock.js');
    assert.equal(serverNow(), server);
    t.mock.timers.tick(60_000);
    assert.equal(serverNow(), server + 60_000);
  } finally {
    globalThis.document = before[0];
    Object.defineProperty(globalThis, 'performance', before[1]);
  }
});
