/**
 * `make screenshots`: every page and window, light and dark, desktop and phone, English and German, into
 * `e2e/artifacts/screenshots/` with a contact sheet; and the two pictures that are committed: `docs/board.png` and those
 * of the landing page, `static/img/landing-⟨language⟩-⟨theme⟩.webp`.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { openBoard } from './lib/board.js';
import { Person } from './lib/person.js';
import { Server } from './lib/server.js';

const root = path.join(import.meta.dirname, '..');
const out = path.join(import.meta.dirname, 'artifacts/screenshots');

const THEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'de'];
const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
};

const PUBLIC = ['/', '/login', '/signup', '/forgot-password', '/guide', '/help', '/privacy', '/imprint', '/contact', '/no/such/page'];
const SIGNED_IN = ['/', '/chat', '/notifications', '/new', '/new-friend', '/ana/projects', '/ana/friends', '/ana/settings', '/ana/settings/security'];
const BOARD = '/ana/website-relaunch';
const WINDOWS = ['details', 'colour', 'visibility', 'labels', 'owner', 'invite', 'people', 'delete', 'archive', 'trash', 'history', 'keys'];

/** What the board of the landing page shows: lists with cards, and the labels and members of cards by their position. */
const LANDING = {
  en: { title: 'Website Relaunch', lists: { 'To do': ['Write the landing page', 'Choose a typeface', 'Redirect the old addresses', 'Team photos'], Doing: ['Interview five customers', 'Dark theme', 'Loading time below one second'], Done: ['Sketch of the navigation', 'Set up the new domain', 'Agree on three goals', 'Inventory of all old pages'] }, labels: ['Text', 'Design', 'Urgent'] },
  de: { title: 'Website-Relaunch', lists: { Offen: ['Text der Startseite', 'Schrift aussuchen', 'Alte Adressen umleiten', 'Teamfotos'], 'In Arbeit': ['Fünf Kundinnen befragen', 'Dunkles Design', 'Ladezeit unter einer Sekunde'], Erledigt: ['Skizze der Navigation', 'Neue Domain einrichten', 'Drei Ziele festlegen', 'Liste aller alten Seiten'] }, labels: ['Text', 'Design', 'Eilig'] },
};
const LABELLED = [[0, 0], [1, 1], [4, 2], [4, 0], [5, 1], [7, 1]]; // card, label
const COLOURS = ['blue', 'purple', 'red'];
const ASSIGNED = { 0: [0], 1: [1], 3: [2], 4: [0, 2], 5: [1], 7: [1], 9: [0, 1, 2] }; // card: people

const browser = await chromium.launch({
  executablePath: ['chromium-headless-shell', 'chromium', 'google-chrome'].map((name) => `/usr/bin/${name}`).find(existsSync),
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
});
try {
  if (!process.argv.includes('--committed')) await everything();
  await committed();
} finally {
  await browser.close();
}

async function everything() {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const server = await Server.start({ demo: true });
  const sheet = [];
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      for (const device of Object.keys(DEVICES)) sheet.push(...await tour(server, { language, theme, device }));
    }
  }
  await server.stop();
  await writeFile(path.join(out, 'index.html'), contactSheet(sheet));
  console.log(`${sheet.length} pictures: ${path.relative(process.cwd(), path.join(out, 'index.html'))}`);
}

/** All pages and windows as one look has them; returns the names of the pictures. */
async function tour(server, { language, theme, device }) {
  const taken = [];
  const shoot = async (page, name) => {
    await page.waitForFunction(() => !document.querySelector(':not(:defined)') && ![...document.querySelectorAll('[aria-busy="true"]')].some((node) => node.checkVisibility()));
    const file = `${name}.${language}.${theme}.${device}.png`;
    await page.screenshot({ path: path.join(out, file), animations: 'disabled' });
    taken.push({ file, name, look: `${language} ${theme} ${device}` });
  };
  const guest = await contextOf(server, { language, theme, device });
  const page = await guest.newPage();
  for (const address of PUBLIC) {
    await page.goto(address);
    await shoot(page, `public${address.replaceAll('/', '_')}`);
  }
  await guest.request.post('/login', { form: { username: 'ana', password: 'taskstack-demo' } });
  for (const address of SIGNED_IN) {
    await page.goto(address);
    await shoot(page, `page${address.replaceAll('/', '_')}`);
  }
  await page.goto('/');
  await page.locator('home-bell a').click();
  await page.locator('.bellPanel #notifications').waitFor();
  await shoot(page, 'bell');
  const board = await openBoard(page, BOARD);
  await shoot(page, 'board');
  await page.locator('.boardMenuButton').click();
  await shoot(page, 'board_menu');
  await page.keyboard.press('Escape');
  for (const win of WINDOWS) {
    await board.openWindow(win);
    await shoot(page, `window_${win}`);
    await board.closeWindow();
  }
  await page.locator('.cardTitle').first().click();
  await page.locator('#w-cardWin').waitFor();
  await shoot(page, 'window_card');
  await board.closeWindow();
  await page.locator('.listNameLink').first().click();
  await page.locator('#w-listWin').waitFor();
  await shoot(page, 'window_list');
  await board.closeWindow();
  await page.keyboard.press('/');
  await page.locator('.paletteInput').fill('a');
  await page.locator('.paletteItem').first().waitFor();
  await shoot(page, 'palette');
  await page.keyboard.press('Escape');
  await page.locator('.cardTitle').first().focus();
  await page.keyboard.press('c');
  await page.locator('.toastAction').waitFor();
  await shoot(page, 'toast');
  await page.locator('.toastAction').click();
  await shoot(page, 'toast_undone');
  const { inviteLink } = await pageData(guest, BOARD);
  await guest.close();
  const stranger = await contextOf(server, { language, theme, device });
  for (const [name, address] of [['invite', new URL(inviteLink).pathname], ['forbidden', BOARD]]) {
    const tab = await stranger.newPage();
    await tab.goto(address);
    await shoot(tab, name);
  }
  await stranger.close();
  return taken;
}

async function pageData(context, address) {
  const html = await (await context.request.get(address)).text();
  return JSON.parse(html.match(/<script type="application\/json" id="pageData">(.*?)<\/script>/s)[1]);
}

function contextOf(server, { language, theme, device, ...more }) {
  return browser.newContext({ baseURL: server.url, locale: { en: 'en-GB', de: 'de-DE' }[language], colorScheme: theme, reducedMotion: 'reduce', ...DEVICES[device], ...more });
}

function contactSheet(sheet) {
  const names = [...new Set(sheet.map(({ name }) => name))];
  const figure = ({ file, look }) => `<figure><a href="${file}"><img loading="lazy" src="${file}" alt="${look}"></a><figcaption>${look}</figcaption></figure>`;
  const rows = names.map((name) => `<h2>${name}</h2><div>${sheet.filter((shot) => shot.name === name).map(figure).join('')}</div>`);
  return `<!doctype html><meta charset="utf-8"><title>Screenshots</title><style>body{font-family:sans-serif;margin:2rem;background:#888}div{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}img{height:300px}</style>${rows.join('\n')}`;
}

async function committed() {
  for (const language of LANGUAGES) {
    const server = await Server.start();
    const { people, address } = await landingBoard(server, language);
    for (const theme of THEMES) {
      const context = await contextOf(server, { language, theme, device: 'desktop', viewport: { width: 960, height: 560 }, deviceScaleFactor: 1.5, storageState: await people[0].context.storageState() });
      // The others are on the board, too: their faces say so.
      const others = await Promise.all(people.slice(1).map(async (person) => (await openBoard(await person.context.newPage(), address)).page));
      const { page } = await openBoard(await context.newPage(), address);
      const picture = await page.screenshot({ animations: 'disabled' });
      await writeFile(path.join(root, `static/img/landing-${language}-${theme}.webp`), await asWebp(page.context(), picture));
      if (language === 'en' && theme === 'light') await writeFile(path.join(root, 'docs/board.png'), picture);
      for (const other of others) await other.close();
      await context.close();
    }
    for (const { context, close } of people) {
      close();
      await context.close();
    }
    await server.stop();
  }
}

/** A server's board with three people, as on the landing page. */
async function landingBoard(server, language) {
  const { title, lists, labels } = LANDING[language];
  const people = [];
  for (const who of ['Mara', 'Jonas', 'Aylin']) {
    const person = new Person(who, server, await contextOf(server, { language, theme: 'light', device: 'desktop' }));
    await person.signUp();
    people.push(person);
  }
  const [mara, ...others] = people;
  const name = 'website-relaunch';
  await mara.post('/new', { title, name, project_private: 'on' });
  const address = `/Mara/${name}`;
  const { inviteAsAdminLink } = await mara.pageData(address);
  for (const other of others) await other.join(inviteAsAdminLink);
  await mara.fill(address, lists);
  const { project } = await mara.snapshot(address);
  const cards = Object.values(project.lists).flatMap((list) => Object.entries(list.cards));
  const idOf = (title) => Number(cards.find(([, card]) => card.name === title)[0]);
  const titles = Object.values(lists).flat();
  const ids = [];
  for (const [i, label] of labels.entries()) ids.push((await mara.ask('create_label', { projectId: project.id, name: label, colour: COLOURS[i] })).id);
  for (const [card, label] of LABELLED) await mara.ask('set_label_on_cards', { projectId: project.id, labelId: ids[label], cardIds: [idOf(titles[card])], on: true });
  const members = Object.keys(project.members).map(Number).sort((a, b) => a - b);
  for (const [card, whom] of Object.entries(ASSIGNED)) {
    const edit = { projectId: project.id, id: idOf(titles[card]), name: titles[card], cardDesc: '', newMembers: whom.map((one) => members[one]), removedMembers: [], newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [] };
    await mara.ask('edit_card', edit);
  }
  return { people, address };
}

/** The same picture as WebP, which the browser encodes. */
async function asWebp(context, png) {
  const page = await context.newPage();
  await page.goto('about:blank');
  const url = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.82);
  }, `data:image/png;base64,${png.toString('base64')}`);
  await page.close();
  return Buffer.from(url.split(',')[1], 'base64');
}
