/** What was deleted or archived comes back by events that old pages know, and they end equal to the database. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OldPage } from './lib/oldPage.mjs';
import { Room, shape } from './lib/room.mjs';

for (const generation of [2, 4]) {
  test(`a list and a card come back to where they were, client ${generation}`, async (t) => {
    const room = await Room.open(t, { ownerGeneration: generation });
    const { owner, admin, board } = room;
    const list = {};
    for (const name of ['c', 'b', 'a']) list[name] = (await room.addList(owner, name, { listDesc: `about ${name}` })).answer.id;
    const users = (await room.ana.snapshot(board.path)).project.members;
    const ben = Object.values(users).find(({ name }) => name === 'ben').id;
    const card = {};
    for (const [pos, name] of ['k', 'l', 'm'].entries()) {
      card[name] = (await room.addCard(owner, list.b, name, pos, { cardDesc: `about ${name}`, members: [ben], attachedFiles: { 'f.txt': Buffer.from(name) } })).answer.id;
    }
    const before = await room.lists();
    const page = new OldPage(before);
    const built = (name, pos) => ['build_new_card', {
      id: card[name], listId: list.b, name, cardDesc: `about ${name}`, pos, attachedFiles: before[list.b].cards[card[name]].attachedFiles, members: { [ben]: 1 }, restored: true,
    }];
    const follow = async (sender, event, payload, confirm, expected) => {
      await room.change(sender, event, payload, confirm, expected);
      for (const each of expected) page.apply(each);
    };

    await follow(owner, 'delete_card', { id: card.l, listId: list.b }, 'delete_card_successful',
      [['remove_card', { id: card.l, listId: list.b, cardsPosChanges: [[card.m, -1]] }]]);
    await follow(admin, 'restore_from_bin', { kind: 'card', id: card.l }, null,
      [built('l', 2), ['update_cards_pos', { cards: [{ id: card.l, listId: list.b, prevListId: list.b, pos: 1 }], otherCardsPosChanges: [[card.m, list.b, 1]] }]]);

    await follow(owner, 'archive_list', { id: list.b }, null, [['remove_list', { id: list.b, listsPosChanges: [[list.c, -1]] }]]);
    assert.deepEqual(shape(await room.lists()).map(([name]) => name), ['a', 'c']);
    const { items } = await admin.ask('read_archive', { projectId: board.id });
    assert.deepEqual(items.map(({ kind, id, name, cardNames, removedBy }) => [kind, id, name, cardNames, removedBy.name]), [['list', list.b, 'b', ['k', 'l', 'm'], 'Ana Oliveira']]);
    await follow(admin, 'restore_from_archive', { kind: 'list', id: list.b }, null, [
      ['build_new_list', { id: list.b, name: 'b', listDesc: 'about b', pos: 0, attachedFiles: {}, restored: true }],
      ['update_list_pos', { id: list.b, pos: 1, otherListsPosChanges: [[list.a, -1]] }],
      built('k', 0), built('l', 1), built('m', 2),
    ]);
    const after = await room.lists();
    assert.deepEqual(after, before);
    assert.deepEqual(page.shown, new OldPage(after).shown);
    assert.deepEqual(page.lists, new OldPage(after).lists);
  });
}

test('what is deleted permanently disappears for everyone, and only new clients are notified', async (t) => {
  const room = await Room.open(t);
  const { owner, admin, board } = room;
  const list = (await room.addList(owner, 'list', { attachedFiles: { 'f.txt': Buffer.from('x') } })).answer.id;
  const link = (await room.lists())[list].attachedFiles['f.txt'];
  await room.change(owner, 'delete_list', { id: list }, 'delete_list_successful', [['remove_list', { id: list, listsPosChanges: [] }]]);
  const status = async (person) => (await person.get(new URL(link).pathname)).status;
  assert.deepEqual([await status(room.ben), await status(room.hanna)], [200, 404], 'only who may have it back may look');
  await room.change(admin, 'empty_from_bin', { kind: 'list', id: list }, null, [['bin_changed', { kind: 'list', id: list, from: 'bin', to: 'gone' }]]);
  assert.equal(await status(room.ana), 404);
  for (const [event, tab] of [['restore_from_bin', owner], ['restore_from_archive', owner], ['empty_from_bin', owner], ['bin_from_archive', owner]]) {
    assert.equal((await tab.ask(event, { projectId: board.id, kind: 'list', id: list })).error, 'notFound', event);
  }
});

test('trash and archive are closed to who may only look', async (t) => {
  const room = await Room.open(t);
  const list = (await room.addList(room.owner, 'list')).answer.id;
  for (const event of ['read_bin', 'read_archive', 'restore_from_bin', 'restore_from_archive', 'empty_from_bin', 'bin_from_archive', 'archive_list', 'archive_card']) {
    const payload = { projectId: room.board.id, kind: 'list', id: list };
    assert.equal((await room.reader.ask(event, payload)).error, 'forbidden', event);
    assert.equal((await room.stranger.ask(event, payload)).error, 'notFound', event);
  }
});
