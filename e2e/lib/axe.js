/** axe on a page as it is now. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

// The version that comes with the package for Playwright; another one has other rules.
const { source } = createRequire(import.meta.resolve('@axe-core/playwright'))('axe-core');

/**
 * Fails if axe finds anything. Asked for violations only it spends nothing on describing what is right, and it is brought
 * into a page once: both were half of what a check took.
 *
 * @param {import('playwright-core').Page} page
 * @param {{name?: string, where?: string[], without?: string[]}} [options] name: of the state, for the message; where:
 *   selectors, at each of which something must be; without: rules that are left out
 */
export async function assertAccessible(page, { name = '', where = [], without = [] } = {}) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(source);
  const found = await page.evaluate(async ({ where, without }) => {
    const context = where.length > 0 ? { include: where.map((selector) => [selector]) } : document;
    const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
    const { violations } = await window.axe.run(context, { resultTypes: ['violations'], rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} (${failureSummary})`).join('; ')}`);
  }, { where, without });
  assert.deepEqual(found, [], `axe on ${page.url()}${name && ` (${name})`}`);
}
