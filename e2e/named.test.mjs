/**
 * What axe does not see, on every page and in every window, in both languages: every hint and error belongs to its field,
 * every id that something refers to is there, what opens a menu says so, what changes by itself is spoken, and buttons stand
 * in the order Main | Additional | Cancel (in windows) and Back | Main | Additional (on pages).
 */
import assert from 'node:assert/strict';
import { openBoard } from './lib/board.js';
import { story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const windows = ['details', 'visibility', 'owner', 'invite', 'people', 'delete', 'archive', 'trash', 'history', 'keys'];

for (const locale of ['en-GB', 'de-DE']) {
  story(`fields, menus, buttons and live regions work with screen readers (${locale})`, async (world) => {
    world.excuse(/404/);
    const guest = await world.visitor('guest', { locale });
    const page = await guest.context.newPage();
    for (const address of ['/', '/login', '/signup', '/forgot-password', '/no/such/page', '/privacy', '/help', '/contact']) {
      await page.goto(address);
      await check(page, address);
    }
    for (const [address, fields] of [['/signup', 4], ['/login', 2], ['/forgot-password', 1]]) {
      await page.goto(address);
      await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
      await page.locator('.formBox button[type=submit]').click();
      await until('errors are shown', async () => await page.locator('[aria-invalid="true"]').count() > 0);
      assert.ok(await page.locator('[aria-invalid="true"]').count() <= fields);
      await check(page, `${address} with errors`);
    }

    const ana = await world.member('Ana', { locale });
    const ben = await world.member('Ben', { locale });
    const path = await ana.makeProject('party');
    await ben.join((await ana.pageData(path)).inviteAsAdminLink);
    await ana.fill(path, { 'To do': ['One', 'Two'], Doing: ['Three'] });
    const tab = await ana.context.newPage();
    for (const address of ['/', '/new', '/new-friend', '/Ana/projects?edit=1', '/Ana/friends', '/Ana/settings', '/Ana/settings/security', '/Ana/settings/security/second-factor']) {
      await tab.goto(address);
      await check(tab, address);
    }
    for (const dialog of ['changeUsername', 'changeEmail', 'changePassword', 'deleteAccount']) {
      await tab.goto(`/Ana/settings?dialog=${dialog}`);
      await tab.locator(`#w-${dialog}[open]`).waitFor();
      await check(tab, dialog);
    }
    const board = await openBoard(tab, path);
    await check(tab, 'board');
    for (const region of ['[data-target="announcer"]', '.connectionBar', '.filterCount']) {
      assert.equal(await tab.locator(region).getAttribute('role'), 'status', `${region} is spoken`);
    }
    for (const name of windows) {
      await board.openWindow(name);
      await check(tab, name);
      await board.closeWindow();
    }
    await board.openCard('One');
    await check(tab, 'card');
    await board.closeWindow();
    await board.openList('Doing');
    await check(tab, 'list');
    await board.closeWindow();
    for (const [button, icon, win] of [[board.list('Doing').locator('.listMenuButton'), 'move', 'moveList'], [board.list('Doing').locator('.listMenuButton'), 'card', 'moveCards'], [board.card('One').locator('.cardMenuButton'), 'move', 'moveCard']]) {
      await board.card('One').hover();
      await board.chooseFromMenu(button, icon);
      await tab.locator(`#w-${win}Win[open]`).waitFor();
      await check(tab, win);
      await board.closeWindow();
    }
    // A question that is made by a script, and a message.
    await board.chooseFromCardMenu('Two', 'delete');
    const message = tab.locator('.toast');
    assert.equal(await message.first().getAttribute('role'), 'status');
    await (await board.openWindow('invite')).locator('.inviteLink button:has(.icon-undo), .inviteLink [data-action*="renew"]').first().click();
    await tab.locator('dialog[role="alertdialog"]:modal').waitFor();
    await check(tab, 'question');
    await tab.keyboard.press('Escape');
    await board.closeWindow();
    await tab.locator('[data-action*="openCardMenu"][aria-haspopup]').first().focus();
    await untilEqual('all buttons of menus say what they open', () => tab.locator(':is(.cardMenuButton, .listMenuButton, [popovertarget]):not([aria-haspopup="menu"], .menu *)').count(), 0);
  });
}

async function check(page, where) {
  await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
  assert.deepEqual(await page.evaluate(lookThrough), [], `${where} (${new URL(page.url()).pathname})`);
}

// Runs in the page; says what is wrong.
function lookThrough() {
  const wrong = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  const name = (node) => `${node.localName}#${node.id || node.getAttribute('name') || node.className}`;
  const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document;
  for (const attribute of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for']) {
    for (const node of top.querySelectorAll(`[${attribute}]`)) {
      for (const id of node.getAttribute(attribute).split(/\s+/)) if (!document.getElementById(id)) wrong.push(`${name(node)}: ${attribute} "${id}" is nowhere`);
    }
  }
  for (const note of top.querySelectorAll('.field > .fieldNote')) {
    const field = note.parentElement.querySelector('input:not([type="hidden"], [type="file"]), select, textarea');
    if (field && !(field.getAttribute('aria-describedby') ?? '').split(/\s+/).includes(note.id)) wrong.push(`${name(field)}: its hint is not tied to it`);
  }
  for (const field of top.querySelectorAll('[aria-invalid="true"]')) {
    const texts = (field.getAttribute('aria-describedby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent.trim());
    if (!texts.some(Boolean)) wrong.push(`${name(field)}: what is wrong is not said`);
  }
  for (const button of top.querySelectorAll('[popovertarget]:not([popovertargetaction])')) {
    const popup = document.getElementById(button.getAttribute('popovertarget'));
    if (button.getAttribute('aria-haspopup') !== 'menu' || !['true', 'false'].includes(button.getAttribute('aria-expanded'))) wrong.push(`${name(button)}: it does not say that it opens a menu`);
    if (!popup?.matches('[role="menu"]') && !popup?.querySelector('[role="menu"]')) wrong.push(`${name(button)}: what it opens is no menu`);
  }
  for (const dialog of document.querySelectorAll('dialog[open]')) {
    const title = document.getElementById(dialog.getAttribute('aria-labelledby'));
    if (!title?.textContent.trim()) wrong.push(`${name(dialog)}: it has no name`);
    const buttons = [...dialog.querySelectorAll('.dialogFoot > :is(button, a)')].filter(seen);
    const isMain = (button) => button.matches('.btn-primaryAction, .btn-danger');
    const isCancel = (button) => button.matches('[data-close]:not([value="main"])') && !isMain(button);
    if (dialog.querySelector('.dialogFoot') && (!buttons[0] || !isMain(buttons[0]))) wrong.push(`${name(dialog)}: the first button is not the main one`);
    if (buttons.slice(1).some(isMain)) wrong.push(`${name(dialog)}: there are two main buttons`);
    const cancel = buttons.findIndex(isCancel);
    if (cancel >= 0 && cancel !== buttons.length - 1) wrong.push(`${name(dialog)}: Cancel is not the last button`);
  }
  for (const row of document.querySelectorAll('main form .buttonRow')) {
    const buttons = [...row.children].filter((node) => seen(node) && node.matches('.btn'));
    const main = buttons.findIndex((button) => button.matches('.btn-primaryAction, .btn-danger'));
    if (row.closest('dialog, .profileEditor, details') === null && buttons.length > 1 && main !== 1) wrong.push(`${row.closest('form').action}: not Back | Main | Additional`);
  }
  return wrong;
}
