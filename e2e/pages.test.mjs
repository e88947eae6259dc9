/**
 * Presses every link and every button of the pages outside boards, on a desktop in English and on a phone in German. None leads to
 * an error of a script or of the server, and the focus is never lost. Links and buttons are read from the pages; what is in
 * menus is pressed by everything.test.mjs.
 */
import assert from 'node:assert/strict';
import { story } from './lib/story.js';
import { until } from './lib/until.js';

const looks = {
  'desktop, en': { locale: 'en-GB', viewport: { width: 1280, height: 800 } },
  'phone, de': { locale: 'de-DE', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
};

const EVERYONE = ['/', '/guide', '/help', '/contact', '/privacy', '/imprint', '/no/such/page', '/Ana/projects'];
const SIGNED_OUT = ['/login', '/signup', '/forgot-password'];
const SIGNED_IN = [
  '/notifications', '/new', '/new-friend', '/search?q=plans', '/Ben/projects', '/Ben/projects?edit=1', '/Ben/friends', '/Ben/settings', '/Ben/settings/security', '/Ben/settings/security/second-factor',
];

for (const [name, look] of Object.entries(looks)) {
  story(`every link and button of the pages outside boards leads somewhere (${name})`, async (world) => {
    world.excuse(/status of 4\d\d/);
    const [ana, ben, guest] = [await world.member('Ana', look), await world.member('Ben', look), await world.visitor('Guest', look)];
    const hidden = await ana.makeProject('plans');
    const { inviteLink } = await ana.pageData(hidden);
    const invite = new URL(inviteLink).pathname;
    await ben.makeProject('plans');
    await ana.post('/new-friend', { name: 'Ben' });
    const reset = await guest.context.request.post('/forgot-password', { form: { username: 'Ana' } });
    const verify = await guest.context.request.post('/signup', { form: { username: 'Cai', useremail: 'cai@example.org', password: 'correct horse', password_confirm: 'correct horse' } });
    for (const [person, addresses] of [
      [guest, [...EVERYONE, ...SIGNED_OUT, ...[reset, verify].map((answer) => new URL(answer.url()).pathname), invite, hidden]],
      [ben, [...EVERYONE, ...SIGNED_IN, hidden, invite]],
    ]) await new Presser(world, person, look).pressAll(addresses);
  });
}

const PATIENCE = 10_000; // ms until what is pressed is marked again

class Presser {
  #pressed = new Set();
  #failures = [];
  #page;
  #address;

  constructor(world, person, { hasTouch = false }) {
    Object.assign(this, { world, person, hasTouch });
  }

  /** Presses everything on these pages, and what several of them have once. */
  async pressAll(addresses) {
    this.#page = await this.person.context.newPage();
    this.#page.on('response', (response) => response.status() >= 500 && this.#failures.push(`${response.status()} ${response.url()} after ${[...this.#pressed].at(-1)}`));
    for (this.#address of addresses) {
      await this.#open();
      for (let next = await this.#mark(); next; next = await this.#mark()) {
        this.#pressed.add(next.key);
        await this.#press(next).catch((error) => this.#failures.push(`${this.#address}, ${next.key}: ${error.message}`));
        await this.#open();
      }
    }
    await this.#page.close();
    assert.ok(this.#pressed.size > 30, `only ${this.#pressed.size} things were found`);
    assert.deepEqual(this.#failures, []);
  }

  async #open() {
    await this.#goTo(this.#address);
    if (new URL(this.#page.url()).pathname === '/login' && this.person.name === 'Ben') {
      await this.person.logIn();
      await this.#goTo(this.#address);
    }
    await this.#page.waitForFunction(() => !document.querySelector(':not(:defined)'));
    await this.#page.evaluate(() => { document.documentElement.dataset.pressedHere = ''; });
  }

  // What was pressed before may still be leading to another page, which ends a navigation that begins meanwhile.
  async #goTo(address) {
    const goes = () => this.#page.goto(address).then(() => true, (error) => {
      if (!/ERR_ABORTED|interrupted/.test(error.message)) throw error;
      return false;
    });
    await until(`the page is ${address}`, goes);
  }

  // Marks the first link or button that has not been pressed yet on any page, or that of the key.
  #mark(wanted = null) {
    return this.#page.evaluate(([pressed, only]) => {
      for (const node of document.querySelectorAll('a[href], button:not(:disabled), summary')) {
        const isLink = node.localName === 'a';
        if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || node.closest('[aria-hidden="true"], .skipLink')) continue;
        if (isLink && (node.origin !== location.origin || node.hasAttribute('download') || node.target)) continue;
        const what = isLink ? node.pathname + node.search + node.hash : [node.formAction && new URL(node.formAction).pathname, node.name, node.value, node.ariaLabel ?? node.textContent.trim()].join(' ');
        const key = `${node.localName} ${what}`;
        if (only === null ? pressed.includes(key) : key !== only) continue;
        node.dataset.next = '';
        return { key, isLink };
      }
      return null;
    }, [[...this.#pressed], wanted]);
  }

  async #press({ key, isLink }) {
    const page = this.#page;
    const target = page.locator('[data-next]');
    let isElsewhere = !isLink;
    page.once('framenavigated', () => { isElsewhere = true; });
    const hasOverlay = () => page.evaluate(() => document.querySelector('dialog:modal, :popover-open:not(.toasts)') !== null).catch(() => false);
    // Start page and notifications draw themselves anew when something has happened, and lose the mark.
    await until('it is pressed', async () => {
      if (await target.count() === 0) await this.#mark(key);
      return (this.hasTouch ? target.tap({ timeout: PATIENCE }) : target.click({ timeout: PATIENCE })).then(() => true, (error) => {
        if (!error.message.includes('Timeout')) throw error;
        return false;
      });
    });
    // It may open something in the page that takes the focus.
    const hasLost = () => page.evaluate(() => document.activeElement?.dataset.next === undefined).catch(() => false);
    await until('the link leads somewhere', async () => isElsewhere || await hasOverlay() || await hasLost());
    await this.#focusIsKept();
    if (await hasOverlay()) {
      await page.keyboard.press('Escape');
      await this.#focusIsKept();
    }
    this.world.assertNoTrouble();
  }

  // On a page that has just been loaded nothing has the focus yet.
  #focusIsKept() {
    return until('the focus is not on body', () => this.#page.evaluate(() => document.documentElement.dataset.pressedHere === undefined
      || (document.activeElement !== document.body && document.activeElement !== null)).catch(() => false));
  }
}
