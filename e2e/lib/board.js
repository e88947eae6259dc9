/** The board's page as a person uses it. Nothing here depends on the page's language. */
import assert from 'node:assert/strict';
import { until, untilEqual } from './until.js';

/** Opens a board and waits until every element of it is upgraded. */
export async function openBoard(page, path) {
  if (path) await page.goto(path);
  const board = new Board(page);
  await board.isAwake();
  return board;
}

/** Lets short messages stay on the page that is loaded now until they are closed, as they do under a pointer. */
export function keepMessages(page) {
  return page.evaluate(() => {
    const hold = (node) => node.matches?.('.toast') && node.dispatchEvent(new PointerEvent('pointerenter'));
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(hold)))
      .observe(document.documentElement, { childList: true, subtree: true });
  });
}

// The tabs of the project's settings.
const PANELS = new Set(['details', 'colour', 'visibility', 'people', 'labels', 'owner', 'delete']);

export class Board {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  async isAwake() {
    await this.page.locator('board-root[data-ready]').waitFor({ state: 'attached' });
    await this.page.waitForFunction(() => !document.querySelector(':not(:defined)'));
  }

  /**
   * From now on messages stay until they are closed, as they do under a pointer: a story on a busy machine may look for
   * one only after it would have left by itself.
   */
  keepMessages() {
    return keepMessages(this.page);
  }

  list(name) {
    return this.page.locator('li.list', { has: this.page.locator('.listNameLink', exactly(name)) });
  }

  card(name) {
    return this.page.locator('li.card[data-card-id]', { has: this.page.locator('.cardTitle', exactly(name)) });
  }

  /** Lists with their cards, in order, as they are shown: `[['To do', ['First', 'Second']]]`. */
  shown() {
    return this.page.evaluate(() => [...document.querySelectorAll('[data-target="lists"] > [data-list-id]')].map((list) => [
      list.querySelector('[data-part="name"]').textContent, [...list.querySelectorAll('[data-card-id] [data-part="name"]')].map((name) => name.textContent),
    ]));
  }

  /** Waits until exactly this is shown. */
  async shows(expected, why = 'the board is as expected') {
    await untilEqual(`${why} (${new URL(this.page.url()).pathname})`, () => this.shown(), expected);
  }

  /**
   * Notes from now on every board that is shown, also for a moment. Returns the way to ask for them: a sequence in which
   * no two neighbours are equal. Waiting for the wanted state would skip every wrong one before it.
   */
  async recordShown() {
    await this.page.evaluate(() => {
      const look = () => [...document.querySelectorAll('[data-target="lists"] > [data-list-id]')].map((list) => [
        list.querySelector('[data-part="name"]').textContent, [...list.querySelectorAll('[data-card-id] [data-part="name"]')].map((name) => name.textContent),
      ]);
      window.shownBoards = [look()];
      new MutationObserver(() => {
        const now = look();
        if (JSON.stringify(now) !== JSON.stringify(window.shownBoards.at(-1))) window.shownBoards.push(now);
      }).observe(document.querySelector('[data-target="lists"]'), { subtree: true, childList: true, characterData: true });
    });
    return () => this.page.evaluate(() => window.shownBoards);
  }

  /** Notes from now on how often each of these appears, also for a moment. Returns the way to ask. */
  async recordSeen(...selectors) {
    await this.page.evaluate((all) => {
      const there = new Map(all.map((selector) => [selector, new Set(document.querySelectorAll(selector))]));
      window.seenTimes = Object.fromEntries(all.map((selector) => [selector, 0]));
      new MutationObserver(() => {
        for (const [selector, known] of there) {
          const now = new Set(document.querySelectorAll(selector));
          window.seenTimes[selector] += now.difference ? now.difference(known).size : [...now].filter((node) => !known.has(node)).length;
          there.set(selector, now);
        }
      }).observe(document, { subtree: true, childList: true, attributes: true });
    }, selectors);
    return () => this.page.evaluate(() => window.seenTimes);
  }

  /** Waits until nothing is on its way and what is shown is what the server has. */
  async equals(person, path) {
    await until('the board equals the server\'s snapshot', async () => {
      const { project } = await person.snapshot(path);
      const byPos = (a, b) => a.pos - b.pos;
      const truth = Object.values(project.lists).sort(byPos).map((list) => [list.name, Object.values(list.cards).sort(byPos).map((card) => card.name)]);
      assert.deepEqual(await this.shown(), truth);
      return await this.page.locator('.card-pending, .list-pending').count() === 0;
    });
  }

  /** Adds lists one after the other in the composer. */
  async addLists(...names) {
    const composer = this.page.locator('lists-composer');
    const field = composer.locator('[data-target="field"]');
    if (!await field.isVisible()) await composer.locator('[data-target="opener"]').click();
    for (const name of names) {
      await field.fill(name);
      await field.press('Enter');
    }
    await field.press('Escape');
  }

  /** Adds cards one after the other in a list's composer. */
  async addCards(listName, ...names) {
    const field = await this.composer(listName);
    for (const name of names) {
      await field.fill(name);
      await field.press('Enter');
    }
    await field.press('Escape');
  }

  /** Opens a list's composer and returns its field. */
  async composer(listName) {
    const composer = this.list(listName).locator('cards-composer');
    const field = composer.locator('[data-target="field"]');
    if (!await field.isVisible()) await composer.locator('[data-target="opener"]').click();
    return field;
  }

  /** Opens a card's window and returns it. */
  async openCard(name) {
    await this.card(name).locator('.cardTitle').click();
    const win = this.page.locator('#w-cardWin');
    await win.waitFor();
    return win;
  }

  /** Waits until exactly these cards are selected, and the bar says so. */
  async selects(...names) {
    await untilEqual('the cards are selected', () => this.page.locator('.card-selected .cardTitle').allTextContents(), names);
    const bar = this.page.locator('.selectionBar');
    await untilEqual('the bar shows it', async () => [await bar.isVisible(), (await bar.textContent()).match(/\d+/)?.[0]], [names.length > 0, names.length > 0 ? String(names.length) : undefined]);
  }

  /** A button of the bar for selected cards, by its icon. */
  selectionButton(icon) {
    return this.page.locator('.selectionBar .btn', { has: this.page.locator(`.icon-${icon}`) });
  }

  /** Opens a list's window and returns it. */
  async openList(name) {
    await this.list(name).locator('.listNameLink').click();
    const win = this.page.locator('#w-listWin');
    await win.waitFor();
    return win;
  }

  /** Chooses an entry of a card's or list's menu by its icon, which has no language. */
  async chooseFromMenu(button, icon) {
    await button.click();
    await this.page.locator('.menu:popover-open .menuItem', { has: this.page.locator(`.icon-${icon}`) }).click();
  }

  async chooseFromCardMenu(name, icon) {
    await this.card(name).hover();
    await this.chooseFromMenu(this.card(name).locator('[data-part="menu"]'), icon);
  }

  async chooseFromListMenu(name, icon) {
    await this.chooseFromMenu(this.list(name).locator('.listMenuButton'), icon);
  }

  /**
   * Opens a window of the project ("history" for `open-history`) and returns it: from the head or from the board's menu; a tab
   * of the settings ("details") by way of these.
   */
  async openWindow(name) {
    if (PANELS.has(name)) await this.#openPanel(name);
    else await this.#openByButton(name);
    const win = this.page.locator(`#w-${name}Win`);
    await win.waitFor();
    return win;
  }

  async #openPanel(name) {
    await this.chooseFromBoardMenu('open-settings');
    await this.page.locator(`#tab-${name}`).click();
  }

  async #openByButton(name) {
    const inHead = this.page.locator(`.boardHead > [value="open-${name}"]`).filter({ visible: true });
    if (await inHead.count() > 0) await inHead.click();
    else await this.chooseFromBoardMenu(`open-${name}`);
  }

  async chooseFromBoardMenu(command) {
    await this.page.locator('.boardMenuButton').click();
    await this.page.locator(`#boardMenu .menuItem[value="${command}"]`).click();
  }

  /** Answers a question ("Delete …?") with its main button. */
  async confirm() {
    const question = this.page.locator('dialog[role="alertdialog"]:modal');
    await question.locator('.dialogFoot .btn').first().click();
    await question.waitFor({ state: 'detached' });
  }

  /** Closes the topmost window, and waits until the address no longer names it: a reload would open it again. */
  async closeWindow() {
    await this.page.locator('dialog:modal').last().locator('.dialogClose').click();
    await this.page.waitForFunction(() => document.querySelector('dialog:modal') || !/[?&](card|list|settings)=/.test(location.search));
  }

  /** Drags a card with the mouse in front of another one, or to the end of a list. */
  async dragCard(name, { before, toEndOf }) {
    const target = before ? this.card(before) : this.list(toEndOf).locator('cards-composer');
    const place = before ? this.page.locator('.cardPlaceholder:has(+ li)') : this.list(toEndOf).locator('.cardPlaceholder');
    await this.#drag(this.card(name), target, place, { x: 0.5, y: before ? 0.2 : 0.5 });
  }

  /** Drags a list with the mouse in front of another one. */
  async dragList(name, { before }) {
    await this.#drag(this.list(name).locator('.listHeader'), this.list(before), this.page.locator('.listPlaceholder'), { x: 0.2, y: 0.1 }, { x: 0.55, y: 0.5 });
  }

  async #drag(what, target, place, at, grip = { x: 0.5, y: 0.5 }) {
    const { mouse } = this.page;
    const from = pointIn(await what.boundingBox(), grip);
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 10, from.y + 4, { steps: 3 });
    await this.page.locator('.dragPreview').waitFor();
    const to = pointIn(await target.boundingBox(), at);
    await mouse.move(to.x, to.y, { steps: 8 });
    await place.waitFor();
    await mouse.up();
    await this.page.locator('.dragPreview').waitFor({ state: 'detached' });
  }

  /** Drags a card with a finger that first rests on it. */
  async touchDragCard(name, { before }) {
    const finger = await this.page.context().newCDPSession(this.page);
    const touch = (type, ...touchPoints) => finger.send('Input.dispatchTouchEvent', { type, touchPoints });
    const from = pointIn(await this.card(name).boundingBox(), { x: 0.4, y: 0.5 });
    await touch('touchStart', from);
    await this.page.locator('.dragPreview').waitFor();
    const to = pointIn(await this.card(before).boundingBox(), { x: 0.4, y: 0.2 });
    for (let step = 1; step <= 6; step += 1) {
      await touch('touchMove', { x: from.x + ((to.x - from.x) * step) / 6, y: from.y + ((to.y - from.y) * step) / 6 });
    }
    await this.page.locator('.cardPlaceholder').waitFor();
    await touch('touchEnd');
    await finger.detach();
  }

  /** Drags a card with a finger to the edge of a phone's screen until the next list comes, and drops it there. */
  async touchDragCardToNextList(name, next) {
    const finger = await this.page.context().newCDPSession(this.page);
    const touch = (type, ...touchPoints) => finger.send('Input.dispatchTouchEvent', { type, touchPoints });
    const from = pointIn(await this.card(name).boundingBox(), { x: 0.4, y: 0.5 });
    await touch('touchStart', from);
    await this.page.locator('.dragPreview').waitFor();
    const { width } = this.page.viewportSize();
    for (const x of [0.5, 0.7, 0.9, 0.97]) await touch('touchMove', { x: width * x, y: from.y });
    await this.list(next).locator('.cardPlaceholder').waitFor();
    await touch('touchEnd');
    await finger.detach();
  }

  /** What has the focus, in a word for messages: `a.cardTitle "First"`. */
  focused() {
    return this.page.evaluate(() => {
      const { activeElement: node } = document;
      return node === document.body ? 'nothing' : `${node.localName}.${node.classList[0] ?? ''} "${(node.textContent || node.ariaLabel || '').trim().slice(0, 40)}"`;
    });
  }

  toast(text) {
    return this.page.locator('.toast', { hasText: text });
  }

  get bar() {
    return this.page.locator('.connectionBar');
  }
}

function exactly(text) {
  return { hasText: new RegExp(`^\\s*${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`) };
}

function pointIn(box, { x, y }) {
  return { x: box.x + box.width * x, y: box.y + box.height * y };
}
