/** Forms of pages that make something, pressed twice: they are sent once. What a repetition on the server does is tested there. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { password } from './lib/person.js';

story('a second press of a form\'s button sends nothing', async (world) => {
  const ana = await world.member('Ana');
  const guest = await world.visitor('Guest');
  for (const [person, address, fill] of [
    [ana, '/new', { title: 'Website Relaunch' }],
    [ana, '/new-friend', { name: 'Ben' }],
    [guest, '/signup', { username: 'Newcomer', useremail: 'new@example.org', password, password_confirm: password }],
  ]) {
    const page = await person.context.newPage();
    await page.goto(address);
    await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
    for (const [name, value] of Object.entries(fill)) {
      const field = page.locator(`main [name="${name}"]`);
      if (await field.count() > 0) await field.fill(value);
    }
    // What would leave the page is counted, and held.
    const sent = await page.evaluate(() => {
      let count = 0;
      window.addEventListener('submit', (event) => {
        count += 1;
        event.preventDefault();
      });
      const form = document.querySelector('main form');
      form.querySelector('.btn-primaryAction').click();
      const first = count;
      form.querySelector('.btn-primaryAction').click();
      form.requestSubmit();
      return [first, count];
    });
    assert.deepEqual(sent, [1, 1], address);
    assert.equal(await page.locator('[aria-invalid="true"]').count(), 0, address);
  }
});
