import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { slugOf } from './slug.js';

const cases = JSON.parse(readFileSync(new URL('../../../modules/projects/testdata/slugs.json', import.meta.url), 'utf8'));

test('the address that is made from a title is the one the server makes', () => {
  assert.ok(Object.keys(cases).length >= 20);
  for (const [title, slug] of Object.entries(cases)) assert.equal(slugOf(title, ['new', 'settings', 'reset_password_case_id']), slug, title);
});
