/** The whole way by keyboard alone: from the landing page over a first board and everything on it to the log-out. */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { Board } from './lib/board.js';
import { password } from './lib/person.js';
import { until, untilEqual } from './lib/until.js';

const MAX_STOPS = 80;

/** A person without a mouse. Wherever the focus goes, it is on something, and that can be seen. */
class Keys {
  constructor(page) {
    this.page = page;
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  matches(selector) {
    return this.page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
  }

  /** What is wrong with the focus now; empty if nothing is. */
  trouble() {
    return this.page.evaluate(() => {
      const node = document.activeElement;
      const name = `${node.localName}.${node.className} "${(node.ariaLabel ?? node.textContent).trim().slice(0, 30)}"`;
      if (node === document.body || node === document.documentElement) return 'nothing has the focus';
      const box = node.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) return `${name} has no size`;
      const isMarked = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
      const marked = [node, node.parentElement, node.closest('li, label, .card, .field')].some((one) => one && isMarked(getComputedStyle(one)));
      if (!marked) return `the focus of ${name} cannot be seen`;
      const isBeside = box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth;
      return isBeside ? `${name} is outside of the window` : '';
    });
  }

  /** Waits until the focus is on something that matches, and is seen there. */
  async isOn(selector, why = '') {
    await until(`the focus is on ${selector} ${why}`, () => this.matches(selector));
    await untilEqual(`the focus on ${selector} is seen`, () => this.trouble(), '');
  }

  /** Goes on with a key until the focus is on something that matches; every stop on the way has to be seen. */
  async to(selector, key = 'Tab') {
    const stops = [];
    for (let count = 0; count < MAX_STOPS; count += 1) {
      if (await this.matches(selector)) return;
      await this.press(key);
      await until(`every stop on the way to ${selector} is seen (${stops.at(-1)})`, async () => {
        assert.equal(await this.trouble(), '');
        return true;
      }, { timeoutMs: 5000 });
      stops.push(await this.page.evaluate(() => `${document.activeElement.localName}.${document.activeElement.className}`));
    }
    assert.fail(`${key} does not lead to ${selector}: ${stops.join(', ')}`);
  }

  /** Opens the board's menu and chooses an entry. */
  async chooseFromBoardMenu(value) {
    await this.to('.boardMenuButton', 'Shift+Tab');
    await this.press('Enter');
    await this.isOn('#boardMenu [role^="menuitem"]');
    await this.to(`#boardMenu [value="${value}"]`, 'ArrowDown');
    await this.press('Enter');
  }
}

for (const [lang, locale] of [['en', 'en-GB'], ['de', 'de-DE']]) {
  story(`everything by keyboard alone (${lang})`, async (world) => {
    const ana = await world.visitor('Ana', { locale });
    const page = await ana.context.newPage();
    const keys = new Keys(page);
    await page.goto('/');
    await keys.press('Tab');
    await keys.isOn('a[href="#main"], .skipLink', 'first');
    await keys.to('a[href^="/signup"]');
    await keys.press('Enter');
    await signUp(keys, ana);

    // A first board with the lists to start with.
    await keys.to('a[href="/new"]');
    await keys.press('Enter');
    await page.waitForURL('**/new');
    await keys.isOn('#title');
    await keys.type('Website Relaunch');
    await keys.press('Enter');
    await page.waitForURL('**/Ana/website-relaunch');
    const board = new Board(page);
    await board.isAwake();
    const names = (await board.shown()).map(([name]) => name);
    assert.equal(names.length, 3);
    await keys.isOn('cards-composer button', 'where the first card is added');

    await cardsAndLists(keys, board, names);
    await cardWindow(keys, board);
    await labelsAndFilter(keys, board);
    await settings(keys, board);
    await invite(keys, board);

    await keys.to('.accountButton', 'Shift+Tab');
    await keys.press('Enter');
    await keys.isOn('#accountMenu [role="menuitem"]');
    await keys.to('form[action="/logout"] button', 'ArrowDown');
    await keys.press('Enter');
    await page.waitForURL((url) => url.pathname === '/');
    await page.locator('header a[href^="/login"]').waitFor();
    await keys.press('Tab');
    await untilEqual('the focus is seen after the log-out', () => keys.trouble(), '');
  });
}

async function signUp(keys, ana) {
  const { page } = keys;
  await page.waitForURL('**/signup**');
  await keys.to('[name="username"]');
  await keys.type('Ana');
  await keys.to('[name="useremail"]');
  await keys.type(ana.email);
  await keys.to('[name="password"]');
  await keys.type(password);
  await keys.to('[name="password_confirm"]');
  await keys.type(password);
  await keys.press('Enter');
  await page.waitForURL('**/verify-email/**');
  await keys.to('[name="code"]');
  await keys.type((await ana.verification()).code);
  await keys.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');
}

async function cardsAndLists(keys, board, [first, second, third]) {
  await keys.press('Enter');
  await keys.isOn('cards-composer textarea');
  for (const name of ['One', 'Two', 'Three']) {
    await keys.type(name);
    await keys.press('Enter');
  }
  await keys.press('Escape');
  await board.shows([[first, ['One', 'Two', 'Three']], [second, []], [third, []]]);
  await untilEqual('the focus stays near', () => keys.trouble(), '');

  await focusCard(keys, 'One');
  await keys.press('Space');
  const live = () => keys.page.locator('[aria-live], [role="status"]').evaluateAll((nodes) => nodes.map(({ textContent }) => textContent).join(' '));
  await until('the pick-up is announced', async () => /One/.test(await live()));
  await keys.press('ArrowRight');
  await until('the step is announced', async () => (await live()).includes(second));
  await keys.press('Space');
  await board.shows([[first, ['Two', 'Three']], [second, ['One']], [third, []]]);
  await keys.isOn('.cardTitle', 'after the drop');
  assert.match(await board.focused(), /"One"/);

  await keys.press('Control+z');
  await board.shows([[first, ['One', 'Two', 'Three']], [second, []], [third, []]]);
  await keys.press('Control+Shift+z');
  await board.shows([[first, ['Two', 'Three']], [second, ['One']], [third, []]]);

  // A list, behind the next one.
  await keys.press('ArrowUp');
  await keys.isOn('[data-list-id] [data-main]');
  await keys.press('Space', 'ArrowRight', 'Space');
  await board.shows([[first, ['Two', 'Three']], [third, []], [second, ['One']]]);
  await untilEqual('the focus stays on the list', () => keys.trouble(), '');
  await keys.press('l');
  await keys.isOn('lists-composer input');
  await keys.type('Later');
  await keys.press('Enter', 'Escape');
  await board.shows([[first, ['Two', 'Three']], [third, []], [second, ['One']], ['Later', []]]);
  await untilEqual('the focus stays near', () => keys.trouble(), '');
}

async function focusCard(keys, name, way = 'Shift+Tab') {
  await keys.to('[data-main]', way);
  if (!await keys.matches('.cardTitle')) await keys.press('Home');
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Home', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft']) {
    if ((await keys.page.evaluate(() => document.activeElement.textContent)).trim() === name) return;
    await keys.press(key);
  }
  assert.equal((await keys.page.evaluate(() => document.activeElement.textContent)).trim(), name);
}

async function cardWindow(keys, board) {
  const { page } = keys;
  await focusCard(keys, 'Two');
  await keys.press('Enter');
  await page.locator('#w-cardWin[open]').waitFor();
  await until('the focus is in the window', () => page.evaluate(() => document.querySelector('#w-cardWin').contains(document.activeElement)));
  await keys.to('ui-inplace[data-target="desc"] button');
  await keys.press('Enter');
  await keys.isOn('ui-inplace[data-target="desc"] textarea');
  await keys.type('**Ship it** by\n- [ ] Friday');
  await keys.press('Control+Enter');
  await page.locator('#w-cardWin [data-target="text"] strong').waitFor();
  await untilEqual('the focus stays in the window', () => keys.trouble(), '');
  await keys.to('.mdTask input, input.mdTask', 'Shift+Tab');
  await keys.press('Space');
  await until('the task is checked', () => page.locator('#w-cardWin [data-target="text"] input').isChecked());
  await keys.press('Escape');
  await page.locator('#w-cardWin').waitFor({ state: 'hidden' });
  await keys.isOn('.cardTitle', 'after the window');
  assert.match(await board.focused(), /"Two"/);
  await keys.press('e', 'Control+a');
  await keys.isOn('#w-cardWin input[type="text"]');
  await keys.type('Second');
  await keys.press('Enter', 'Escape');
  await page.locator('#w-cardWin').waitFor({ state: 'hidden' });
  await board.card('Second').waitFor();
  await keys.isOn('.cardTitle', 'after the rename');
}

async function labelsAndFilter(keys, board) {
  const { page } = keys;
  await keys.chooseFromBoardMenu('open-settings');
  await page.locator('[role="tab"]').first().waitFor();
  await keys.to('[role="tab"]', 'Shift+Tab');
  await keys.to('#tab-labels', await keys.page.evaluate(() => (document.querySelector('[role="tablist"]').getAttribute('aria-orientation') === 'vertical' ? 'ArrowDown' : 'ArrowRight')));
  await keys.press('Enter');
  await keys.to('#w-labelsWin form input');
  await keys.type('Urgent');
  await keys.press('Enter');
  await page.locator('#w-labelsWin .labelRows li').waitFor();
  await keys.press('Escape');
  await until('the window is closed', async () => await page.locator('dialog:modal').count() === 0);
  await untilEqual('the focus is back', () => keys.trouble(), '');
  await focusCard(keys, 'Second', 'Tab');
  await keys.press('l');
  await keys.isOn('labels-picker input');
  await keys.press('1');
  await board.card('Second').locator('.labelChip').first().waitFor();
  await keys.press('Escape');
  await untilEqual('the focus is on the card again', () => keys.trouble(), '');
  await keys.press('f');
  await keys.isOn('.filterText');
  await keys.type('Second');
  await untilEqual('one card is left', () => page.locator('.card[data-card-id]:not([hidden])').count(), 1);
  await keys.press('Escape');
  await untilEqual('the focus is on something', () => keys.trouble(), '');
  await keys.press('x');
  await untilEqual('all are shown', () => page.locator('.card[data-card-id]:not([hidden])').count(), 3);
  await keys.press('Control+k');
  await keys.isOn('.paletteInput');
  await keys.type('thr');
  await until('it is found', async () => /Three/.test(await page.locator('.paletteItem[aria-selected="true"]').textContent().catch(() => '')));
  await keys.press('Enter');
  await page.locator('#w-cardWin[open]').waitFor();
  await keys.press('Escape');
  await page.locator('#w-cardWin').waitFor({ state: 'hidden' });
  await untilEqual('the focus is on something behind the palette', () => keys.trouble(), '');
}

async function settings(keys, board) {
  const { page } = keys;
  await keys.chooseFromBoardMenu('open-settings');
  await keys.to('[role="tab"]', 'Shift+Tab');
  const tabs = await page.locator('[role="tab"]').count();
  const next = await page.evaluate(() => (document.querySelector('[role="tablist"]').getAttribute('aria-orientation') === 'vertical' ? 'ArrowDown' : 'ArrowRight'));
  const seen = new Set();
  for (let count = 0; count < tabs; count += 1) {
    await keys.press(next);
    assert.equal(await keys.trouble(), '');
    seen.add(await page.evaluate(() => document.activeElement.id));
    await untilEqual('its panel is shown', () => page.locator('[role="tabpanel"]:visible').count(), 1);
  }
  assert.equal(seen.size, tabs);
  await keys.press('Escape');
  await until('the window is closed', async () => await page.locator('dialog:modal').count() === 0);
  await untilEqual('the focus is back', () => keys.trouble(), '');
  assert.equal((await board.shown()).length, 4);
}

async function invite(keys) {
  const { page } = keys;
  await keys.to('[value="open-invite"]', 'Shift+Tab');
  await keys.press('Enter');
  await page.locator('#w-inviteWin[open]').waitFor();
  await keys.to('#w-inviteWin [name="emails"]');
  await keys.type('ben@example.org');
  await keys.to('#w-inviteWin form button:is([type="submit"], :not([type]))');
  await keys.press('Enter');
  await page.locator('#w-inviteWin').getByText('ben@example.org').first().waitFor();
  await keys.press('Escape');
  await page.locator('#w-inviteWin').waitFor({ state: 'hidden' });
  await keys.isOn('[value="open-invite"], .boardMenuButton', 'after the window');
}
