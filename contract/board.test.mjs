/** Every event of lists and cards: exact payloads, who receives them, and in which order (socket-events.md, section 5). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room, shape } from './lib/room.mjs';
import { news } from './lib/tab.mjs';

for (const [generation, form] of [[2, String], [4, Number], [2, Number], [4, String]]) {
  test(`lists and cards, client ${generation}, ids as ${form.name}`, async (t) => {
    const room = await Room.open(t, { ownerGeneration: generation });
    const { owner, admin, board } = room;
    board.id = form(board.id);
    const id = (n) => form(n);
    const users = (await room.ana.snapshot(board.path)).project.members;
    const [ana, ben, hanna] = ['ana', 'ben', 'hanna'].map((name) => Object.values(users).find((u) => u.name === name).id);

    const list = {};
    for (const name of ['c', 'b', 'a']) list[name] = (await room.addList(owner, name, { listDesc: `about ${name}` })).answer.id;
    assert.equal(typeof list.a, 'number');
    const move = (what, pos, at, changes) => room.change(owner, 'move_list', { id: id(what), pos }, 'move_list_successful',
      [['update_list_pos', { id: Number(what), pos: at, otherListsPosChanges: changes }]]);
    await move(list.a, 2, 2, [[list.b, -1], [list.c, -1]]);
    await move(list.a, 0, 0, [[list.b, 1], [list.c, 1]]);
    await move(list.b, 1, 1, []); // sent even when nothing changed
    await move(list.b, 99, 2, [[list.c, -1]]); // clamped
    await move(list.b, -5, 0, [[list.a, 1], [list.c, 1]]);
    assert.deepEqual(shape(await room.lists()).map(([name]) => name), ['b', 'a', 'c']);
    await room.change(admin, 'edit_list', {
      id: id(list.b), name: 'B', listDesc: 'new', newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [],
    }, 'edit_list_successful', [['update_list', { id: list.b, name: 'B', listDesc: 'new', removedAttachedFiles: [], newAttachedFiles: [] }]]);

    const card = {};
    for (const [pos, name] of ['k', 'l', 'm', 'n'].entries()) {
      card[name] = (await room.addCard(pos % 2 ? admin : owner, id(list.a), name, pos, { cardDesc: `about ${name}` })).answer.id;
    }
    // Members: unknown people and doubles are left out, numbers and strings may be mixed (D25).
    const { lists } = await room.addCard(owner, id(list.c), 'x', 0, { members: [id(ana), String(ben), ben, 999_999] });
    card.x = Number(Object.keys(lists[list.c].cards)[0]);
    assert.deepEqual(lists[list.c].cards[card.x].members, { [ana]: 1, [ben]: 1 });

    const place = (what, from, to, pos, at, changes) => room.change(owner, 'move_card', { id: id(what), listId: id(to), pos }, null,
      [['update_cards_pos', { cards: [{ id: what, listId: to, prevListId: from, pos: at }], otherCardsPosChanges: changes }]]);
    await place(card.k, list.a, list.a, 2, 2, [[card.l, list.a, -1], [card.m, list.a, -1]]);
    await place(card.k, list.a, list.a, 77, 3, [[card.n, list.a, -1]]);
    await place(card.k, list.a, list.a, -1, 0, [[card.l, list.a, 1], [card.m, list.a, 1], [card.n, list.a, 1]]);
    await place(card.k, list.a, list.a, 0, 0, []);
    await place(card.l, list.a, list.c, 0, 0, [[card.m, list.a, -1], [card.n, list.a, -1], [card.x, list.c, 1]]);
    await place(card.l, list.c, list.b, 5, 0, [[card.x, list.c, -1]]);
    assert.deepEqual(shape(await room.lists()), [['B', ['l']], ['a', ['k', 'm', 'n']], ['c', ['x']]]);

    // Several cards are a row of single moves, ordered by the position they had.
    await room.change(owner, 'move_cards', { ids: [card.n, card.k].map(id), listId: id(list.c), pos: 0 }, 'move_cards_successful', [
      ['update_cards_pos', { cards: [{ id: card.k, listId: list.c, prevListId: list.a, pos: 0 }], otherCardsPosChanges: [[card.m, list.a, -1], [card.n, list.a, -1], [card.x, list.c, 1]] }],
      ['update_cards_pos', { cards: [{ id: card.n, listId: list.c, prevListId: list.a, pos: 1 }], otherCardsPosChanges: [[card.x, list.c, 1]] }],
    ]);
    assert.deepEqual(shape(await room.lists()), [['B', ['l']], ['a', ['m']], ['c', ['k', 'n', 'x']]]);

    // The list is the database's, whatever the sender believes (D29); only real changes of members are announced.
    await room.change(admin, 'edit_card', {
      id: id(card.x), listId: id(list.a), name: 'X', cardDesc: '', newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [],
      newMembers: [String(hanna), String(ben), 999_999], removedMembers: [String(ana), 999_998],
    }, 'edit_card_successful', [['update_card', {
      id: card.x, listId: list.c, name: 'X', cardDesc: '', removedAttachedFiles: [], newAttachedFiles: [],
      newMembers: [String(hanna)], removedMembers: [String(ana)],
    }]]);
    await room.change(owner, 'delete_card', { id: id(card.k), listId: id(list.a) }, 'delete_card_successful',
      [['remove_card', { id: card.k, listId: list.c, cardsPosChanges: [[card.n, -1], [card.x, -1]] }]]);
    await room.change(owner, 'delete_list', { id: id(list.b) }, 'delete_list_successful',
      [['remove_list', { id: list.b, listsPosChanges: [[list.a, -1], [list.c, -1]] }]]);
    assert.deepEqual(shape(await room.lists()), [['a', ['m']], ['c', ['n', 'X']]]);

    // A client that did not join may write if its role allows it, and receives only the confirmation.
    const answer = await room.outside.ask('move_list', { projectId: board.id, id: list.a, pos: 0 });
    assert.equal(answer.rev, ++room.rev);
    await room.outside.settle();
    assert.deepEqual(room.outside.take(), [['move_list_successful']]);
    for (const tab of room.members) {
      assert.deepEqual((await news(tab))[0], [['update_list_pos', { id: list.a, pos: 0, otherListsPosChanges: [], rev: room.rev }]]);
    }
  });
}

test('a client 2.x gets a long title shortened, and does not cut it when it edits something else', async (t) => {
  const room = await Room.open(t);
  const { answer: { id: list } } = await room.addList(room.owner, 'list');
  const title = `${'ä'.repeat(63)}${'z'.repeat(193)}`;
  const short = `${'ä'.repeat(63)}…`;
  const { answer: { id: card } } = await room.addCard(room.owner, list, 'card', 0);
  const edit = (name, base) => ({ id: String(card), listId: String(list), name, cardDesc: '', base, removedAttachedFiles: [], newAttachedFiles: {}, replacedAttachedFiles: {}, newMembers: [], removedMembers: [] });
  const sent = (name, whole) => [['update_card', {
    id: card, listId: list, name, ...(whole && { title: whole }), cardDesc: '', removedAttachedFiles: [], newAttachedFiles: [], newMembers: [], removedMembers: [],
  }]];
  await room.change(room.owner, 'edit_card', edit(title, { name: 'card', cardDesc: '' }), 'edit_card_successful', sent(short, title));
  const stored = (await room.lists())[list].cards[card];
  assert.deepEqual([stored.name, stored.title], [short, title], 'in the snapshot');
  await room.change(room.owner, 'edit_card', edit(short), 'edit_card_successful', sent(short, title));
  await room.change(room.owner, 'edit_card', edit('mine'), 'edit_card_successful', sent('mine'));
});

test('texts are stored as typed and returned raw', async (t) => {
  const room = await Room.open(t);
  const texts = [
    '<b onclick="alert(1)">bold</b> & </script><!--', 'she said "no" \\ \'yes\' `why` ${x} {{.Name}} %s %27', '👩‍👩‍👧‍👦🏳️‍🌈 e\u0301 ﷽ 𝔘𝔫𝔦',
    '\u202eשלום עולם مرحبا', '  blanks at both ends  ', '0', 'null', '\u00a0nbsp\u200b', 'x'.repeat(64), '😀'.repeat(64),
  ];
  for (const text of texts) {
    const desc = `${text}\n\ttab and lines\r\n  ${text}\n`;
    const name = text.replaceAll('\u202e', ''); // no name turns the text around it
    const list = (await room.addList(room.owner, name, { listDesc: desc })).answer.id;
    const { answer, lists } = await room.addCard(room.admin, list, name, 0, { cardDesc: desc });
    const stored = lists[list];
    assert.deepEqual([stored.name, stored.listDesc, stored.cards[answer.id].name, stored.cards[answer.id].cardDesc], [name, desc, name, desc]);
    const { project } = await room.ana.pageData(room.board.path);
    assert.equal(project.lists[list].listDesc, desc, 'page data');
    await room.change(room.owner, 'delete_list', { id: list }, 'delete_list_successful', [['remove_list', { id: list, listsPosChanges: [] }]]);
  }
});
