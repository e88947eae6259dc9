/** Other ways of seeing: large text, zoom, forced colours, more contrast, less motion. Pictures stay in e2e/artifacts/ways. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { untilEqual } from './lib/until.js';

const pages = ['/', '/notifications', '/new', '/new-friend', '/Ana/projects', '/Ana/friends', '/Ana/settings', '/Ana/settings/security', '/search?q=card', '/privacy', '/help'];

/** Texts that an ancestor cuts off, and what is wider than the window, without a way to see the rest. */
function clipped(page) {
  return page.evaluate(() => {
    const found = [];
    const root = document.querySelector('dialog:modal') ?? document.body;
    if (document.documentElement.scrollWidth > innerWidth + 1) found.push(`the page is ${document.documentElement.scrollWidth} wide in ${innerWidth}`);
    for (const node of root.querySelectorAll('button, a, label, h1, h2, h3, p, legend, input, select')) {
      if (!node.checkVisibility({ visibilityProperty: true }) || node.closest('.visuallyHidden, .skipLink, [aria-hidden="true"], .boardScroller, [data-target="lists"]')) continue;
      const style = getComputedStyle(node);
      const name = `${node.localName}.${node.className} "${node.textContent.trim().slice(0, 24)}"`;
      if (!['INPUT', 'SELECT'].includes(node.tagName) && style.overflowX !== 'visible' && style.textOverflow !== 'ellipsis' && style.overflowX !== 'auto' && node.scrollWidth > node.clientWidth + 1) found.push(`${name} is cut off`);
      const box = node.getBoundingClientRect();
      let scroller = node.parentElement;
      while (scroller && !/auto|scroll|hidden|clip/.test(getComputedStyle(scroller).overflowX)) scroller = scroller.parentElement;
      if (box.width > 0 && box.right > innerWidth + 1 && (!scroller || scroller === document.body || scroller === document.documentElement)) found.push(`${name} ends at ${Math.round(box.right)}`);
    }
    return found;
  });
}

async function prepared(world, options) {
  const ana = await world.member('Ana', options);
  const board = await ana.makeProject('party');
  await ana.fill(board, { 'To do': ['A card with a name that is rather long for such a narrow list', 'Two'], Doing: ['Three'] });
  const tab = await ana.context.newPage();
  return { ana, board, tab };
}

async function ready(page) {
  await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
  await page.evaluate(() => document.fonts.ready);
}

async function picture(page, name) {
  await page.screenshot({ path: path.join(artifacts, 'ways', `${name}.png`) });
}

for (const [name, options, scale] of [
  ['text of 200 per cent', { viewport: { width: 1280, height: 800 } }, '200%'],
  ['zoom of 400 per cent', { viewport: { width: 320, height: 256 }, locale: 'de-DE' }, ''],
  ['text of 200 per cent on a phone', { viewport: { width: 360, height: 740 }, locale: 'de-DE', hasTouch: true, isMobile: true }, '200%'],
]) {
  story(`nothing is cut off with ${name}`, async (world) => {
    const { ana, board, tab } = await prepared(world, options);
    const grow = () => scale && tab.evaluate((size) => { document.documentElement.style.fontSize = size; }, scale);
    const problems = [];
    const look = async (what) => {
      await grow();
      problems.push(...(await clipped(tab)).map((problem) => `${what}: ${problem}`));
      await picture(tab, `${name}-${what}`.replaceAll(/[^a-z0-9]+/gi, '-'));
    };
    for (const address of [...pages, board]) {
      await tab.goto(address);
      await ready(tab);
      await look(address);
    }
    const opened = await ana.openBoard(board, tab);
    await grow();
    for (const win of ['details', 'labels', 'invite', 'history', 'keys']) {
      await opened.openWindow(win);
      await look(win);
      await opened.closeWindow();
    }
    await opened.openCard('Two');
    await look('card');
    const guest = await world.visitor('Guest', options);
    const page = await guest.context.newPage();
    for (const address of ['/', '/login', '/signup', '/forgot-password']) {
      await page.goto(address);
      await ready(page);
      if (scale) await page.evaluate((size) => { document.documentElement.style.fontSize = size; }, scale);
      problems.push(...(await clipped(page)).map((problem) => `guest ${address}: ${problem}`));
      await picture(page, `${name}-guest-${address}`.replaceAll(/[^a-z0-9]+/gi, '-'));
    }
    assert.deepEqual(problems, []);
  });
}

for (const [name, options] of [
  ['forced colours', { forcedColors: 'active', colorScheme: 'dark' }],
  ['more contrast', { contrast: 'more' }],
]) {
  story(`the focus, what is chosen and what can be pressed are seen with ${name}`, async (world) => {
    const { ana, board, tab } = await prepared(world, options);
    const opened = await ana.openBoard(board, tab);
    const outline = () => tab.evaluate(() => {
      const style = getComputedStyle(document.activeElement.closest('.card, label') ?? document.activeElement);
      const own = getComputedStyle(document.activeElement);
      return [style, own].some((one) => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2);
    });
    await opened.card('Two').locator('.cardTitle').focus();
    await tab.keyboard.press('ArrowUp');
    await untilEqual('the focus of a card is an outline', outline, true);
    await tab.keyboard.press('s');
    await tab.keyboard.press('ArrowRight');
    const marks = (selector, other) => tab.evaluate(([a, b]) => [a, b].map((one) => {
      const style = getComputedStyle(document.querySelector(one));
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.borderColor, style.borderWidth, style.backgroundColor].join(' ');
    }), [selector, other]);
    const [chosen, not] = await marks('.card-selected', '.card[data-card-id]:not(.card-selected)');
    assert.notEqual(chosen, not, 'a selected card looks different');
    await tab.keyboard.press('Escape');
    const framed = await tab.evaluate(() => {
      const style = getComputedStyle(document.querySelector('.card[data-card-id]'));
      return style.borderStyle !== 'none' && parseFloat(style.borderWidth) > 0 ? '' : `${style.borderStyle} ${style.borderWidth} ${style.outlineStyle}`;
    });
    assert.equal(framed, '', 'a card has a frame');
    await picture(tab, `${name}-board`.replaceAll(' ', '-'));
    for (const win of ['details', 'visibility', 'labels', 'invite', 'people']) {
      await opened.openWindow(win);
      await tab.keyboard.press('Tab');
      await untilEqual(`the focus in ${win} is seen`, outline, true);
      await picture(tab, `${name}-${win}`.replaceAll(' ', '-'));
      await opened.closeWindow();
    }
    await opened.openCard('Two');
    await picture(tab, `${name}-card`.replaceAll(' ', '-'));
    // Forced colours are the system's; axe computes those that the style sheets say.
    await assertAccessible(tab, { without: options.forcedColors ? ['color-contrast'] : [] });
  });
}
