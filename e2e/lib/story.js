/**
 * A story: people with browsers of their own against a server of their own. It fails when something in the browsers'
 * consoles or in the server's log went wrong, and then leaves pictures and logs in `e2e/artifacts/`.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as lasting } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { Person } from './person.js';
import { Server } from './server.js';

export const artifacts = path.join(import.meta.dirname, '../artifacts');

const TIMEOUT = 120_000; // ms for a single step in a browser, on a busy machine
// In CI a story that failed is run once more, and named; by hand and in `make stress` it has failed.
const TRIES = process.env.CI ? 2 : 1;
const CLOSE_TIMEOUT = 20_000; // ms
const STORY_TIMEOUT = 900_000; // ms

let browser = null;

after(() => browser?.close());

/**
 * @param {string} title
 * @param {(world: World) => Promise<void>} tell
 * @param {{demo?: boolean, env?: Record<string, string>}} [options] as for Server.start
 */
export function story(title, tell, options = {}) {
  test(title, { timeout: STORY_TIMEOUT }, async () => {
    for (let left = TRIES; ; left -= 1) {
      try {
        return await play(title, tell, options);
      } catch (error) {
        if (left === 1) throw error;
        console.error(`FLAKY, told once more: ${title}\n${error.stack}`);
      }
    }
  });
}

async function play(title, tell, options) {
  browser ??= await launch();
  const world = new World(title, await Server.start(options));
  await world.forgetArtifacts();
  let failed = true;
  try {
    await tell(world);
    world.assertNoTrouble();
    failed = false;
  } finally {
    if (failed) await world.keepArtifacts();
    await world.close();
  }
}

class World {
  /** @type {Server} */
  server;
  #title;
  #people = [];
  #troubles = [];
  #excused = [];

  constructor(title, server) {
    this.#title = title;
    this.server = server;
  }

  /**
   * A person with a browser: no account yet.
   *
   * @param {string} name
   * @param {import('playwright-core').BrowserContextOptions} [options]
   */
  async visitor(name, options = {}) {
    const context = await browser.newContext({
      baseURL: this.server.url, locale: 'en-GB', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options,
    });
    context.setDefaultTimeout(TIMEOUT);
    // An event that no module of the page handles is an error in the console.
    await context.addInitScript(() => { globalThis.reportsUnknownEvents = true; });
    context.on('page', (page) => this.#watch(name, page));
    const person = new Person(name, this.server, context);
    this.#people.push(person);
    return person;
  }

  /** A person with a verified account, logged in. */
  async member(name, options) {
    const person = await this.visitor(name, options);
    await person.signUp();
    return person;
  }

  /** The story causes this on purpose: console messages that match are no trouble from now on. */
  excuse(pattern) {
    this.#excused.push(pattern);
  }

  assertNoTrouble() {
    const errors = this.server.log.split('\n').filter((line) => line.includes('level=ERROR'));
    const troubles = [...this.#troubles.filter((text) => !this.#excused.some((pattern) => pattern.test(text))), ...errors];
    if (troubles.length > 0) throw new Error(`the story went well, but there was trouble:\n${troubles.join('\n')}`);
  }

  async forgetArtifacts() {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async keepArtifacts() {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(path.join(this.#folder, 'server.log'), this.server.log);
    await writeFile(path.join(this.#folder, 'troubles.txt'), this.#troubles.join('\n'));
    for (const { name, context } of this.#people) {
      for (const [index, page] of context.pages().entries()) {
        await page.screenshot({ path: path.join(this.#folder, `${name}-${index}.png`) }).catch(() => {});
      }
    }
    console.error(`pictures and logs: ${path.relative(process.cwd(), this.#folder)}`);
  }

  async close() {
    for (const { context, close } of this.#people) {
      close();
      await closeContext(context);
    }
    await this.server.stop();
  }

  get #folder() {
    return path.join(artifacts, this.#title.replaceAll(/[^A-Za-z0-9]+/g, '-'));
  }

  #watch(name, page) {
    const note = (text) => this.#troubles.push(`${name}: ${text}`);
    page.on('console', (message) => message.type() === 'error' && note(`console: ${message.text()} (${message.location().url})`));
    page.on('pageerror', (error) => note(`page error: ${error.stack ?? error}`));
    page.on('dialog', (dialog) => {
      note(`a script opened a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
  }
}

/**
 * Closes what belongs to a person. Chromium now and then never closes a context in which a page has just begun to load
 * another address; the next story then has a new browser.
 */
async function closeContext(context) {
  const timer = new AbortController();
  const closed = context.close().then(() => true, () => true);
  const gaveUp = lasting(CLOSE_TIMEOUT, null, { signal: timer.signal }).then(() => false, () => true);
  if (!await Promise.race([closed, gaveUp])) {
    const stuck = browser;
    browser = null;
    await stuck?.close();
  }
  timer.abort();
}

async function launch() {
  const path = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`).find(existsSync);
  if (!path) throw new Error('no browser: install Debian\'s package "chromium-headless-shell", or run `make install`');
  return chromium.launch({
    executablePath: path,
    args: [
      // A container's /dev/shm is too small for a large board.
      '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}
