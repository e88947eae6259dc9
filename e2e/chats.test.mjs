/** Chats: two friends, the chat of a project beside its board, groups; what is unread, sent again, edited and deleted. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { assertAccessible } from './lib/axe.js';
import { artifacts, story } from './lib/story.js';
import { until, untilEqual } from './lib/until.js';

const isAwake = (page) => page.waitForFunction(() => !document.querySelector(':not(:defined)'));
const bubble = (page, text) => page.locator('.message', { hasText: text });
const row = (page, name) => page.locator('.chatRow', { hasText: name });
const field = (page) => page.locator('chats-conversation textarea');
const texts = (page) => page.locator('.message .messageBubble').allInnerTexts();

async function befriend(one, other) {
  await one.post('/new-friend', { name: other.name });
  await other.post('/new-friend', { name: one.name });
}

/** A person's chats in a tab, with one of them open. */
async function openChat(person, query = '') {
  const page = await person.context.newPage();
  await page.goto(`/chat${query}`);
  await isAwake(page);
  if (query) await page.locator('.conversationWait').waitFor({ state: 'hidden' });
  return page;
}

async function write(page, text) {
  await field(page).fill(text);
  await field(page).press('Enter');
}

const isSent = (page, text) => bubble(page, text).and(page.locator(':not(.message-pending)')).waitFor();

story('two friends write to each other: live, counted, seen, edited, deleted, in all tabs', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await befriend(ana, ben);
  const anas = await openChat(ana, '?with=Ben');
  const elsewhere = await ben.context.newPage();
  await elsewhere.goto('/');
  await isAwake(elsewhere);
  await write(anas, 'Hello **Ben** <img src=x onerror=alert(1)>\nhttps://example.org/a');
  await isSent(anas, 'Hello');
  const badge = elsewhere.locator('chats-counter .bellCount');
  await until('the header says 1', async () => (await badge.innerText()).startsWith('1'));

  const bens = await openChat(ben);
  await untilEqual('the list says what is unread', () => row(bens, 'Ana').locator('.chatUnread').innerText(), '1\n1 unread message');
  await row(bens, 'Ana').locator('a').click();
  await bubble(bens, 'Hello').waitFor();
  assert.equal(await bens.locator('.unreadLine').count(), 1);
  await until('markdown is drawn as nodes', async () => await bens.locator('.message strong').innerText() === 'Ben');
  assert.equal(await bens.locator('.message img').count(), 0);
  assert.equal(await bens.locator('.message a[target="_blank"]').getAttribute('href'), 'https://example.org/a');
  await badge.waitFor({ state: 'hidden' });
  await anas.locator('.messageState', { hasText: 'Seen' }).waitFor();

  await field(bens).pressSequentially('Hi');
  await anas.locator('.conversationTyping', { hasText: 'Ben is typing' }).waitFor();
  await field(bens).press('Enter');
  await isSent(anas, 'Hi');
  await assertAccessible(anas);

  await field(bens).press('ArrowUp');
  assert.equal(await field(bens).inputValue(), 'Hi');
  await write(bens, 'Hi Ana');
  await bubble(anas, 'Hi Ana').locator('.messageEdited').waitFor();
  const own = bubble(bens, 'Hi Ana');
  await own.locator('[data-menu]').focus();
  await bens.keyboard.press('Enter');
  await bens.getByRole('menuitem', { name: 'Delete' }).click();
  await bens.locator('dialog[open] .btn-danger').click();
  await bubble(anas, 'Message deleted').waitFor();
  await anas.reload();
  await bubble(anas, 'Message deleted').waitFor();
});

story('replies, reactions and mentions reach everyone in the chat', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await befriend(ana, ben);
  const [anas, bens] = [await openChat(ana, '?with=Ben'), await openChat(ben, '?with=Ana')];
  await write(anas, 'Lunch at noon?');
  await isSent(bens, 'Lunch');
  const own = (page, text) => page.locator('.message', { has: page.locator(':scope > .messageBody > .messageBubble > .richText', { hasText: text }) });

  await own(bens, 'Lunch').locator('[data-react]').focus();
  await bens.keyboard.press('Enter');
  await bens.keyboard.press('ArrowRight');
  await bens.keyboard.press('Enter');
  await own(anas, 'Lunch').getByRole('button', { name: '❤️ by Ben' }).click();
  await own(bens, 'Lunch').getByRole('button', { name: '❤️ by You, Ana' }).waitFor();
  await own(bens, 'Lunch').locator('.reaction').click();
  await own(anas, 'Lunch').getByRole('button', { name: '❤️ by You' }).waitFor();

  await own(bens, 'Lunch').locator('[data-menu]').focus();
  await bens.keyboard.press('Enter');
  await bens.getByRole('menuitem', { name: 'Reply' }).click();
  await field(bens).pressSequentially('Yes @');
  await bens.getByRole('option', { name: 'Ana' }).waitFor();
  await assertAccessible(bens);
  await bens.keyboard.press('Enter');
  assert.equal(await field(bens).inputValue(), 'Yes @Ana ');
  await bens.keyboard.press('Enter');
  const answer = own(anas, 'Yes @Ana');
  await answer.locator('.messageQuote', { hasText: 'Lunch at noon?' }).waitFor();
  await answer.locator('.mention').waitFor();
  await assertAccessible(anas);
  await anas.reload();
  await own(anas, 'Yes @Ana').locator('.messageQuote').click();
  await own(anas, 'Lunch').getByRole('button', { name: '❤️ by You' }).waitFor();
});

story('an old message is found by its words, and the chat opens at it', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await befriend(ana, ben);
  const { chatToOpen: { id } } = await ana.pageData('/chat?with=Ben');
  const say = (content) => ana.ask('send_msg', { chatType: 'userToUser', chatId: id, content }, '/');
  for (let i = 0; i < 40; i += 1) await say(`before ${i}`);
  await say('The keys are under the *flowerpot*');
  for (let i = 0; i < 400; i += 1) await say(`after ${i}`);

  const page = await ben.context.newPage();
  await page.goto('/');
  await isAwake(page);
  await page.keyboard.press('Control+k');
  await page.locator('.paletteInput').fill('flowerp');
  const found = page.locator('.paletteItem', { hasText: 'flowerpot' });
  await found.waitFor();
  assert.deepEqual(await page.locator('.paletteGroup').allTextContents(), ['Messages']);
  assert.equal(await found.locator('mark').innerText(), 'flowerp');
  assert.match(await found.locator('.paletteExcerpt').innerText(), /^Ana, /);
  await assertAccessible(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/chat\?with=Ana&message=\d+$/);
  await bubble(page, 'flowerpot').waitFor();
  await until('the message is on the screen', () => bubble(page, 'flowerpot').evaluate((node) => {
    const { top, bottom } = node.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }));
  assert.ok((await texts(page)).length < 100, 'what is between is not loaded');

  // What comes meanwhile does not tear the reader away; scrolling on leads through all messages to the newest.
  await say('the newest');
  await page.locator('.conversationNewer').waitFor();
  assert.equal(await bubble(page, 'the newest').count(), 0);
  const toEnd = () => page.locator('.conversationScroller').evaluate((node) => { node.scrollTop = node.scrollHeight; });
  await until('all messages are there', async () => {
    await toEnd();
    return await bubble(page, 'the newest').count() === 1;
  });
  const all = (await texts(page)).filter((text) => text.startsWith('after'));
  assert.deepEqual(all, Array.from({ length: 400 }, (_, i) => `after ${i}`));
  await toEnd();
  await page.locator('.conversationNewer').waitFor({ state: 'hidden' });
  await untilEqual('all is read', () => page.locator('chats-counter .bellCount').isVisible(), false);
  await say('live again');
  await bubble(page, 'live again').waitFor();

  // Back at the message, an answer of one's own leads to the end.
  await page.reload();
  await bubble(page, 'flowerpot').waitFor();
  await write(page, 'Found them');
  await isSent(page, 'Found them');
  await bubble(page, 'live again').waitFor();
  assert.equal(await bubble(page, 'flowerpot').count(), 0);
});

story('a chat with unread messages is one entry at the bell, until it is read on one device', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben', { locale: 'de-DE' });
  await befriend(ana, ben);
  const [list, other] = [await ben.context.newPage(), await ben.context.newPage()];
  for (const page of [list, other]) {
    await page.goto(page === list ? '/notifications' : '/privacy');
    await isAwake(page);
  }
  const number = other.locator('#notificationsCount');
  const entry = list.locator('.feedEntry', { has: list.locator('a[href="/chat?with=Ana"]') });
  const anas = await openChat(ana, '?with=Ben');
  await write(anas, 'One');
  await entry.filter({ hasText: 'Ana hat dir geschrieben' }).filter({ hasText: 'One' }).waitFor();
  await write(anas, '<b>Two</b>');
  await entry.filter({ hasText: 'Ana hat dir 2 Nachrichten geschrieben' }).filter({ hasText: '<b>Two</b>' }).waitFor();
  assert.equal(await entry.count(), 1);
  await until('the bell says 1', async () => (await number.innerText()).startsWith('1'));
  await assertAccessible(list);
  await entry.getByRole('button', { name: 'Als gelesen markieren: Ana' }).click();
  await entry.waitFor({ state: 'detached' });
  await number.waitFor({ state: 'hidden' });
  await write(anas, 'Three');
  await entry.filter({ hasText: 'Three' }).waitFor();
  await openChat(ben, '?with=Ana');
  await entry.waitFor({ state: 'detached' });
});

story('a card shared into a chat is the card, live, for those who may see it', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await befriend(ana, ben);
  const path = await ana.makeProject('plan');
  await ana.fill(path, { 'To do': ['Paint'] });
  const { inviteLink } = await ana.pageData(path);
  await ben.join(inviteLink);
  const bens = await openChat(ben, '?with=Ana');
  const { page } = await ana.openBoard(path);
  const card = page.locator('.card', { hasText: 'Paint' });
  await card.hover();
  await card.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Share in a chat' }).click();
  await page.locator('.shareChat', { hasText: 'Ben' }).click();
  const shared = bens.locator('.message .cardLink');
  await shared.locator('.cardLinkName', { hasText: 'Paint' }).waitFor();
  await shared.locator('.cardLinkPlace', { hasText: 'To do' }).waitFor();
  await assertAccessible(bens);
  // The board itself is a link to it.
  await page.locator('.boardMenuButton').click();
  await page.locator('[value="open-share"]').click();
  await page.locator('dialog[open] .shareChat', { hasText: 'Ben' }).waitFor();
  await page.screenshot({ path: join(artifacts, 'screens', 'chats-share-board.png') });
  await page.locator('dialog[open] .shareChat', { hasText: 'Ben' }).click();
  await bens.locator(`.message a[href$="${path}"]`).waitFor();
  const { project } = await ana.snapshot(path);
  const [[listId, { cards }]] = Object.entries(project.lists).filter(([, list]) => Object.keys(list.cards).length > 0);
  const [cardId] = Object.keys(cards);
  await ana.ask('edit_card', { projectId: project.id, id: cardId, listId, name: 'Paint the wall', cardDesc: '', newMembers: [], removedMembers: [], newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [] });
  await shared.locator('.cardLinkName', { hasText: 'Paint the wall' }).waitFor();
  const [{ id }] = Object.values(project.members).filter(({ name }) => name === 'Ben');
  await ana.ask('change_project_visibility', { projectId: project.id, value: 'private' });
  await ana.ask('remove_user_from_project', { projectId: project.id, userId: id });
  await shared.waitFor({ state: 'detached' });
  await bens.locator('.message a', { hasText: 'card=' }).waitFor();
});

story('nothing is lost or doubled when the connection breaks', async (world) => {
  world.excuse(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await befriend(ana, ben);
  const [anas, bens] = [await openChat(ana, '?with=Ben'), await openChat(ben, '?with=Ana')];
  await write(bens, 'one');
  await isSent(anas, 'one');
  await anas.context().setOffline(true);
  await anas.evaluate(() => dispatchEvent(new Event('offline')));
  for (const text of ['two', 'three']) await write(anas, text);
  await untilEqual('both wait', () => anas.locator('.message-pending').count(), 2);
  await write(bens, 'meanwhile');
  await isSent(bens, 'meanwhile');
  await anas.context().setOffline(false);
  await untilEqual('all is there, once', () => texts(anas).then((all) => all.toSorted()), ['meanwhile', 'one', 'three', 'two']);
  await untilEqual('nothing waits', () => anas.locator('.message-pending').count(), 0);
  const shown = await texts(anas);
  await untilEqual('the same order for both', () => texts(bens), shown);
  await bens.reload();
  await untilEqual('and after a reload', () => texts(bens), shown);
});

story('older messages come while one scrolls up, and the place stays', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await befriend(ana, ben);
  const page = await openChat(ana, '?with=Ben');
  for (let i = 0; i < 70; i += 1) await write(page, `number ${i}.`);
  await isSent(page, 'number 69.');
  await page.reload();
  await bubble(page, 'number 69.').waitFor();
  assert.equal(await bubble(page, 'number 0.').count(), 0, 'the first page has fifty');
  assert.ok(await bubble(page, 'number 69.').evaluate((node) => node.getBoundingClientRect().bottom < innerHeight), 'the newest is shown');
  await page.locator('.conversationScroller').evaluate((node) => { node.scrollTop = 0; });
  await bubble(page, 'number 0.').waitFor();
  await untilEqual('what was at the top is still near it', () => bubble(page, 'number 20.').evaluate((node) => {
    const { top } = node.getBoundingClientRect();
    return top > 0 && top < innerHeight;
  }), true);
});

story('the chat of a project is switched on in its settings and opens beside the board', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const path = await ana.makeProject('plan');
  await ana.fill(path, { 'To do': ['Card'] });
  const { inviteLink } = await ana.pageData(path);
  await ben.join(inviteLink);
  const [anas, bens] = [(await ana.openBoard(path)).page, (await ben.openBoard(path)).page];
  assert.equal(await bens.locator('[value="open-chat"]').first().isVisible(), false);
  await anas.locator('.boardMenuButton').click();
  await anas.locator('[value="open-settings"]').click();
  await anas.locator('#tab-chat').click();
  await anas.getByRole('switch', { name: 'Project chat' }).click();
  await anas.locator('#w-chatWin').getByRole('button', { name: 'Open the chat' }).click();
  await field(anas).waitFor();
  await write(anas, 'Welcome to the plan');
  await isSent(anas, 'Welcome');
  await bens.locator('.boardHeadButton[value="open-chat"]').click();
  await bubble(bens, 'Welcome').waitFor();
  assert.equal(await bens.evaluate(() => scrollY), 0, 'the board keeps its place');
  await write(bens, 'Thanks');
  await isSent(anas, 'Thanks');
  // Files and emoji, as on the page of chats; a file that is dropped on the panel is not one of the card below it.
  await drop(bens, 'chats-panel chats-conversation', 'dropped.csv');
  await bens.locator('.chosenFile', { hasText: 'dropped.csv' }).waitFor();
  await bens.locator('chats-composer input[type="file"]').setInputFiles([{ name: 'plan.png', mimeType: 'image/png', buffer: await pictureOf(bens, 600, 400) }]);
  await bens.locator('.chosenFile', { hasText: 'plan.png' }).waitFor();
  await field(bens).press('Enter');
  const image = anas.locator('.messagePicture img');
  await image.waitFor();
  const address = new URL(await image.getAttribute('src'), anas.url()).pathname;
  await bens.locator('[data-action="click:pickEmoji"]').click();
  await bens.locator('.emojiPicker').waitFor();
  await look(bens, 'panel-files-emoji');
  await bens.keyboard.press('Escape');
  assert.deepEqual(Object.values((await ana.snapshot(path)).project.lists).flatMap((list) => Object.values(list.cards)).flatMap((card) => Object.keys(card.attachedFiles)), []);
  assert.equal((await bens.request.get(address)).status(), 200);
  // The board stays usable.
  await anas.locator('.card', { hasText: 'Card' }).click();
  await anas.locator('dialog[open]').waitFor();
  await anas.keyboard.press('Escape');
  await assertAccessible(bens);
  // Who is removed loses it at once.
  const { project } = await ana.snapshot(path);
  const [{ id }] = Object.values(project.members).filter(({ name }) => name === 'Ben');
  await ana.ask('remove_user_from_project', { projectId: project.id, userId: id });
  await bens.locator('chats-panel').waitFor({ state: 'hidden' });
  assert.equal((await bens.request.get(address)).status(), 404);
});

story('a group: its admins add, rename and remove; the last one who leaves passes the role on', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  const cleo = await world.member('Cleo');
  await befriend(ana, ben);
  await befriend(ana, cleo);
  const [anas, bens] = [await openChat(ana), await openChat(ben)];
  await anas.getByRole('button', { name: 'New group' }).click();
  await anas.locator('dialog[open] input').fill('Lunch');
  await anas.keyboard.press('Enter');
  await field(anas).waitFor();
  const openMembers = async (page) => {
    await page.getByRole('button', { name: 'Chat menu' }).click();
    await page.getByRole('menuitem', { name: 'Members' }).click();
  };
  await openMembers(anas);
  for (const name of ['Ben', 'Cleo']) {
    await anas.getByRole('button', { name: 'Add a friend' }).click();
    await anas.locator('dialog[open]').last().locator('input').fill(name);
    await anas.keyboard.press('Enter');
    await anas.locator('.groupMember', { hasText: name }).waitFor();
  }
  await row(bens, 'Lunch').locator('a').click();
  await anas.getByRole('button', { name: 'Rename' }).click();
  await anas.locator('dialog[open]').last().locator('input').fill('Dinner');
  await anas.keyboard.press('Enter');
  await row(bens, 'Dinner').waitFor();
  await anas.getByRole('button', { name: 'What to do with Cleo' }).click();
  await anas.getByRole('menuitem', { name: 'Remove from group' }).click();
  await anas.locator('dialog[open] .btn-danger', { hasText: 'Remove from group' }).click();
  await anas.locator('.groupMember', { hasText: 'Cleo' }).waitFor({ state: 'detached' });
  await anas.locator('dialog[open]').getByRole('button', { name: 'Leave group' }).click();
  await anas.locator('dialog[role="alertdialog"] .btn-danger').click();
  await row(anas, 'Dinner').waitFor({ state: 'detached' });
  await openMembers(bens);
  await bens.locator('.groupMember', { hasText: 'Admin' }).waitFor();
  await bens.locator('dialog[open] .groupActions').getByRole('button', { name: 'Rename' }).waitFor();
});

const looks = [
  { name: 'light-en-desktop', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-de-phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

async function look(page, name) {
  await page.screenshot({ path: join(artifacts, 'screens', `chats-${name}.png`) });
  await assertAccessible(page);
}

for (const { name, ...options } of looks) {
  story(`messages of a blocked person are hidden in a group, and shown again when the block is lifted (${name})`, async (world) => {
    const ana = await world.member('Ana', options);
    const [ben, cleo] = [await world.member('Ben'), await world.member('Cleo')];
    const board = await ana.makeProject('plan');
    const { inviteLink } = await ana.pageData(board);
    for (const each of [ben, cleo]) await each.join(inviteLink);
    const { project } = await ana.snapshot(board);
    await ana.ask('create_project_chat_group', { projectId: project.id });
    const chat = `?project=${(await ana.pageData(board)).project.chatGroupId}`;
    const [anas, bens, cleos] = [await openChat(ana, chat), await openChat(ben, chat), await openChat(cleo, chat)];
    await write(bens, 'Rude words');
    await write(cleos, 'Kind words');
    await bubble(anas, 'Rude').waitFor();

    // From the menu of the message to the page that asks.
    const page = await ana.context.newPage();
    await page.goto(`/chat${chat}`);
    await bubble(page, 'Rude').locator('[data-menu]').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: /Ben/ }).click();
    await page.locator('main .btn-danger').waitFor();
    await look(page, `${name}-block`);
    await page.locator('main .btn-danger').click();
    await page.locator('#blockedPeople', { hasText: 'Ben' }).waitFor();
    await look(page, `${name}-blocked`);

    await bubble(anas, 'Rude').waitFor({ state: 'detached' }); // in her other tab, too
    await write(bens, 'More rude words');
    await isSent(bens, 'More rude');
    await write(cleos, 'More kind words');
    await bubble(anas, 'More kind').waitFor();
    assert.deepEqual(await texts(anas), ['Kind words', 'More kind words']);
    await bubble(cleos, 'More rude').waitFor();
    await ben.post('/new-friend', { name: 'Ana' });
    const bell = await ana.context.newPage();
    await bell.goto('/notifications');
    assert.equal(await bell.locator('.feedEntry', { hasText: 'Ben' }).count(), 0);

    await page.goto('/Ana/settings');
    await page.locator('a[href="/friend-requests/blocked"]').click();
    await page.locator('[name=unblock]').click();
    await page.locator('#blockedPeople').waitFor({ state: 'detached' });
    await bubble(anas, 'More rude').waitFor();
  });
}

for (const { name, ...options } of looks) {
  story(`an emoji is chosen for a text and a reaction, by its name and by keys (${name})`, async (world) => {
    const [ana, ben] = [await world.member('Ana', options), await world.member('Ben')];
    await befriend(ana, ben);
    const [anas, bens] = [await openChat(ana, '?with=Ben'), await openChat(ben, '?with=Ana')];
    const [isGerman, isPhone] = [options.locale === 'de-DE', options.isMobile];
    const picker = anas.locator('.emojiPicker');
    const button = anas.locator('[data-action="click:pickEmoji"]');
    assert.equal(await anas.evaluate(() => performance.getEntriesByType('resource').filter(({ name: url }) => /emoji|js\/data/.test(url)).length), 0, 'nothing is loaded before');
    await field(anas).fill('Party');
    await button.click();
    await picker.waitFor();
    await untilEqual('the focus is inside', () => anas.evaluate(() => document.activeElement.closest('.emojiPicker') !== null && document.activeElement.matches(matchMedia('(pointer: coarse)').matches ? '[role="tab"]' : 'input')), true);
    await look(anas, `emoji-${name}`);
    await picker.locator('input').fill(isGerman ? 'konfetti' : 'popper');
    await picker.locator('.emojiChoice').first().waitFor();
    assert.match(await picker.locator('.emojiChoice').first().getAttribute('aria-label'), isGerman ? /Konfetti/ : /party popper/);
    await anas.keyboard.press('Enter');
    await picker.waitFor({ state: 'detached' });
    assert.match(await field(anas).inputValue(), /^Party(?:🎉|🎊)$/u);
    await until('the focus is in the field again', () => field(anas).evaluate((area) => area === document.activeElement));
    await button.focus();
    await anas.keyboard.press('Enter');
    await picker.waitFor();
    assert.equal(await picker.locator('.emojiChoice').count(), 1, 'it is among the recent ones');
    await anas.keyboard.press('Escape');
    await picker.waitFor({ state: 'detached' });
    await until('the focus is on the button again', () => button.evaluate((node) => node === document.activeElement));
    await anas.locator('chats-composer form').evaluate((form) => form.requestSubmit());
    await isSent(bens, 'Party');

    const own = bubble(anas, 'Party');
    await own.locator('[data-react]').focus();
    await anas.keyboard.press('Enter');
    await anas.getByRole('menuitem', { name: isGerman ? 'Weitere Emojis' : 'More emoji' }).click();
    await picker.waitFor();
    await picker.getByRole('tab', { name: isGerman ? 'Tiere und Natur' : 'Animals and nature' }).focus();
    await anas.keyboard.press(isPhone ? 'ArrowRight' : 'ArrowLeft'); // food, or people
    await picker.getByRole('tab', { selected: true, name: isPhone ? /Essen/ : 'People and body' }).waitFor();
    await anas.keyboard.press('ArrowDown');
    await anas.keyboard.press('ArrowRight');
    await anas.keyboard.press('ArrowDown');
    const sign = await anas.evaluate(() => document.activeElement.textContent);
    assert.notEqual(sign, await picker.locator('.emojiChoice').first().textContent());
    await look(anas, `emoji-react-${name}`);
    await anas.keyboard.press('Enter');
    await bubble(bens, 'Party').locator('.reaction', { hasText: sign }).waitFor();
    await until('the focus is on the message again', () => anas.evaluate(() => document.activeElement.matches('[data-react]')));
  });
}

for (const { name, ...options } of looks) {
  story(`files in a chat, as they look (${name})`, async (world) => {
    const [ana, ben] = [await world.member('Ana', options), await world.member('Ben')];
    await befriend(ana, ben);
    const [anas, bens] = [await openChat(ana, '?with=Ben'), await openChat(ben, '?with=Ana')];
    await bens.locator('chats-composer input[type="file"]').setInputFiles([
      { name: 'house.png', mimeType: 'image/png', buffer: await pictureOf(bens, 600, 400) }, { name: 'A very long name of a spreadsheet with all the numbers of the year.xlsx', mimeType: 'text/plain', buffer: Buffer.alloc(123_456, 'a') },
    ]);
    await write(bens, 'What do you think?');
    await isSent(anas, 'What do you think?');
    await anas.locator('chats-composer input[type="file"]').setInputFiles([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }, { name: 'a tall one.png', mimeType: 'image/png', buffer: await pictureOf(anas, 200, 900) }]);
    await anas.locator('chats-composer form').evaluate((form) => form.requestSubmit());
    await bens.locator('.messagePicture').nth(1).waitFor();
    world.excuse(/files\/userToUsers/);
    await anas.route('**/files/userToUsers/**', () => {});
    await anas.locator('chats-composer input[type="file"]').setInputFiles([{ name: 'on its way.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(3_400_000, 'a') }]);
    await anas.locator('chats-composer form').evaluate((form) => form.requestSubmit());
    await anas.locator('chats-composer input[type="file"]').setInputFiles([{ name: 'next.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
    await anas.locator('.chosenFile').waitFor();
    await until('the previews are drawn', () => anas.locator('.messagePicture img').evaluateAll((all) => all.length === 2 && all.every((img) => img.complete && img.naturalWidth > 0)));
    await look(anas, `files-${name}`);
    const overflow = await anas.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow}px too wide`);
  });
}

story('files are sent into a chat: chosen, dropped and pasted, with progress, cancelled, refused and sent again', async (world) => {
  const ana = await world.member('Ana');
  const ben = await world.member('Ben');
  await befriend(ana, ben);
  const [anas, bens] = [await openChat(ana, '?with=Ben'), await openChat(ben, '?with=Ana')];
  const chosen = anas.locator('.chosenFile');
  const input = anas.locator('chats-composer input[type="file"]');
  const picture = { name: 'house.png', mimeType: 'image/png', buffer: await pictureOf(anas, 600, 400) };

  await input.setInputFiles([picture, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('milk, bread') }, { name: 'wrong.bin', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }]);
  await untilEqual('three files wait', () => chosen.count(), 3);
  await assertAccessible(anas);
  await anas.getByRole('button', { name: 'Don’t send wrong.bin' }).click();
  await write(anas, 'The house and the list');
  await isSent(bens, 'The house');
  assert.deepEqual(await bens.locator('.messageFileName').allTextContents(), ['notes.txt']);
  assert.deepEqual(await bens.locator('.message > .messageBody > :is(.messageBubble)').evaluateAll((all) => all.map((one) => one.querySelector('img')?.alt ?? one.innerText.split('\n')[0])), ['File: house.png', 'notes.txt', 'The house and the list']);
  const image = bens.locator('.messagePicture img');
  await until('the preview is drawn', () => image.evaluate((img) => img.complete && img.naturalWidth > 200));
  assert.deepEqual(await image.evaluate((img) => [img.clientWidth, img.clientHeight]), [272, 181]);
  await assertAccessible(bens);
  await untilEqual('the list says the name', () => row(bens, 'Ana').locator('.chatLast').innerText(), 'The house and the list');

  await image.click();
  const viewer = bens.locator('dialog.viewer[open]');
  await viewer.locator('.viewerPicture').waitFor();
  await viewer.locator('.viewerPosition', { hasText: '1 of 2' }).waitFor();
  await bens.keyboard.press('ArrowRight');
  await viewer.locator('.viewerText', { hasText: 'milk, bread' }).waitFor();
  await bens.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });

  await drop(anas, 'chats-conversation', 'dropped.csv');
  await untilEqual('a dropped file waits', () => chosen.allTextContents().then((all) => all.map((text) => text.slice(0, 11))), ['dropped.csv']);
  await anas.getByRole('button', { name: 'Send', exact: true }).click();
  await bens.locator('.messageFileName', { hasText: 'dropped.csv' }).waitFor();
  await anas.locator('chats-composer textarea').evaluate((area) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await chosen.locator('text=image.png').waitFor();
  await anas.getByRole('button', { name: 'Don’t send image.png' }).click();

  // A line on which nothing moves: cancelled, the text does not wait any longer.
  world.excuse(/files\/userToUsers/);
  await anas.route('**/files/userToUsers/**', () => {});
  await input.setInputFiles([{ name: 'slow.bin', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }]);
  await write(anas, 'After the slow one');
  await anas.locator('.message-pending progress').waitFor();
  await anas.getByRole('button', { name: 'Cancel sending slow.bin' }).click();
  await isSent(bens, 'After the slow one');
  await anas.unroute('**/files/userToUsers/**');
  await anas.route('**/files/userToUsers/**', (route) => route.fulfill({ status: 413, body: '' }));
  await input.setInputFiles([{ name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }]);
  await anas.getByRole('button', { name: 'Send', exact: true }).click();
  const again = anas.locator('.messageRetry', { hasText: 'large.bin' });
  await again.waitFor();
  await assertAccessible(anas);
  await anas.unroute('**/files/userToUsers/**');
  await again.click();
  await bens.locator('.messageFileName', { hasText: 'large.bin' }).waitFor();
  assert.deepEqual(await bens.locator('.messageFileName').allTextContents(), ['notes.txt', 'dropped.csv', 'large.bin']);

  const own = anas.locator('.message', { hasText: 'large.bin' });
  const address = await own.locator('a.messageFile').getAttribute('href');
  assert.equal((await bens.request.get(address)).status(), 200);
  await own.locator('[data-menu]').focus();
  await anas.keyboard.press('Enter');
  assert.deepEqual(await anas.getByRole('menuitem').allInnerTexts(), ['Reply', 'Delete']);
  await anas.getByRole('menuitem', { name: 'Delete' }).click();
  await anas.locator('dialog[open] .btn-danger').click();
  await bubble(bens, 'Message deleted').waitFor();
  assert.equal((await bens.request.get(address)).status(), 404);
});

/** A picture of two colours, as a PNG. */
async function pictureOf(page, width, height) {
  const url = await page.evaluate(([w, h]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
    const context = canvas.getContext('2d');
    context.fillStyle = 'steelblue';
    context.fillRect(0, 0, w, h);
    context.fillStyle = 'orange';
    context.fillRect(w / 4, h / 4, w / 2, h / 2);
    return canvas.toDataURL('image/png');
  }, [width, height]);
  return Buffer.from(url.split(',')[1], 'base64');
}

/** Drops a file on an element. */
async function drop(page, selector, name) {
  await page.locator(selector).evaluate((node, called) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['a,b'], called, { type: 'text/csv' }));
    for (const type of ['dragover', 'drop']) node.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, name);
}
