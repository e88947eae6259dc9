/** Files on lists and cards, sent as binary attachments by both generations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, Person } from './lib/people.mjs';
import { Room } from './lib/room.mjs';
import { news } from './lib/tab.mjs';

const bytes = (size, fill = 7) => Buffer.alloc(size, fill);
const tolerated = 10_485_727;

async function content(person, url) {
  const answer = await person.get(url.slice(base.length));
  return { status: answer.status, disposition: answer.headers.get('content-disposition'), body: Buffer.from(await answer.arrayBuffer()) };
}

for (const generation of [2, 4]) {
  test(`files are attached, replaced and removed, client ${generation}`, async (t) => {
    const room = await Room.open(t, { ownerGeneration: generation });
    const { owner } = room;
    const files = { 'plan.txt': Buffer.from('first'), 'empty.bin': bytes(0), 'all.bin': Buffer.from(Array.from({ length: 256 }, (_, i) => i)) };
    const { answer: { id }, lists } = await room.addList(owner, 'with files', { attachedFiles: files });
    const links = lists[id].attachedFiles;
    assert.deepEqual(Object.keys(links).sort(), Object.keys(files).sort());
    for (const [name, url] of Object.entries(links)) {
      assert.ok(url.startsWith(`${base}/`), `${url} is absolute`);
      assert.deepEqual((await content(room.hanna, url)).body, files[name], name);
      for (const person of [room.dmitri, new Person()]) assert.equal((await content(person, url)).status, 404);
    }

    // Replaced files keep their address and are not mentioned; a new one is.
    const edit = { id, name: 'with files', listDesc: '', newAttachedFiles: { 'new.txt': Buffer.from('new') },
      replacedAttachedFiles: { 'plan.txt': Buffer.from('second') }, removedAttachedFiles: ['empty.bin', 'never there'] };
    const changed = await room.change(owner, 'edit_list', edit, 'edit_list_successful', (_, now) => [['update_list', {
      id, name: 'with files', listDesc: '', removedAttachedFiles: ['empty.bin'], newAttachedFiles: [['new.txt', now[id].attachedFiles['new.txt']]],
    }]]);
    assert.deepEqual((await content(room.ben, links['plan.txt'])).body.toString(), 'second');
    assert.equal(changed.lists[id].attachedFiles['plan.txt'], links['plan.txt']);
    assert.equal((await content(room.ana, links['empty.bin'])).status, 404);

    // The same on a card, by another person; deleting the list deletes all of it.
    const card = await room.addCard(room.admin, id, 'card', 0, { attachedFiles: { 'note.txt': Buffer.from('of a card') } });
    const link = card.lists[id].cards[card.answer.id].attachedFiles['note.txt'];
    assert.equal((await content(room.hanna, link)).body.toString(), 'of a card');
    await room.change(owner, 'edit_card', { id: card.answer.id, listId: id, name: 'card', cardDesc: '', newAttachedFiles: { 'two.txt': Buffer.from('2') },
      replacedAttachedFiles: {}, removedAttachedFiles: ['note.txt'], newMembers: [], removedMembers: [] }, 'edit_card_successful', (_, now) => [['update_card', {
      id: card.answer.id, listId: id, name: 'card', cardDesc: '', removedAttachedFiles: ['note.txt'],
      newAttachedFiles: [['two.txt', now[id].cards[card.answer.id].attachedFiles['two.txt']]], newMembers: [], removedMembers: [],
    }]]);
    await room.change(owner, 'delete_list', { id }, 'delete_list_successful', [['remove_list', { id, listsPosChanges: [] }]]);
    for (const url of [links['plan.txt'], changed.lists[id].attachedFiles['new.txt']]) assert.equal((await content(room.hanna, url)).status, 404);
    // Who may have it back may look until it is given up.
    assert.equal((await content(room.ana, links['plan.txt'])).status, 200);
    await room.change(owner, 'empty_from_bin', { kind: 'list', id }, null, [['bin_changed', { kind: 'list', id, from: 'bin', to: 'gone' }]]);
    for (const url of [links['plan.txt'], changed.lists[id].attachedFiles['new.txt']]) assert.equal((await content(room.ana, url)).status, 404);
  });

  test(`what is not allowed as a file is refused with nothing stored, client ${generation}`, async (t) => {
    const room = await Room.open(t, { ownerGeneration: generation });
    const { owner, board } = room;
    const full = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`f${i}`, bytes(1, i)]));
    const { answer: { id } } = await room.addList(owner, 'full', { attachedFiles: full });
    const before = await room.lists();
    const create = (attachedFiles) => ['create_list', { projectId: board.id, name: 'n', listDesc: '', attachedFiles }];
    const edit = (newAttachedFiles, rest = {}) => ['edit_list', { projectId: board.id, id, name: 'edited', listDesc: '', newAttachedFiles, replacedAttachedFiles: {}, removedAttachedFiles: [], ...rest }];
    const refused = {
      'nine files': [create({ ...full, one: bytes(1) }), 'invalid'],
      'a ninth file': [edit({ one: bytes(1) }), 'invalid'],
      'a name that is there': [edit({ f1: bytes(1) }, { removedAttachedFiles: ['f2'] }), 'conflict'],
      'too large': [create({ large: bytes(tolerated + 1) }), 'tooLarge'],
      'text': [create({ text: 'not binary' }), 'invalid'],
      'a number': [create({ number: 5 }), 'invalid'],
      'an array of bytes': [create({ array: [1, 2, 3] }), 'invalid'],
      'a forged placeholder': [create({ forged: { _placeholder: true, num: 7 } }), 'invalid'],
      'an array of files': [create([bytes(1)]), 'invalid'],
      'a name of 129 characters': [create({ ['n'.repeat(129)]: bytes(1) }), 'invalid'],
      'an empty name': [create({ '': bytes(1) }), 'invalid'],
      'a line break in a name': [create({ 'a\r\nSet-Cookie: b': bytes(1) }), 'invalid'],
      'a path as a name': [create({ '../../etc/passwd': bytes(1) }), 'invalid'],
      'a null in a name': [create({ 'a\0b': bytes(1) }), 'invalid'],
    };
    for (const [what, [event, error]] of Object.entries(refused)) {
      const answer = await owner.ask(...event);
      assert.equal(answer.error, error, `${what}: ${JSON.stringify(answer)}`);
      assert.ok(answer.message, what);
    }
    const onCard = await owner.ask('create_card', { projectId: board.id, listId: id, name: 'n', cardDesc: '', attachedFiles: { text: 'not binary' }, members: [] });
    assert.equal(onCard.error, 'invalid');
    assert.deepEqual(await room.lists(), before);
    for (const heard of await news(...room.all)) assert.deepEqual(heard, []);
    // The largest that is tolerated still passes, on the same connection.
    await room.addList(owner, 'large', { attachedFiles: { large: bytes(tolerated) } });
  });
}

test('file names are kept as they are and cannot break the header', async (t) => {
  const room = await Room.open(t);
  const names = ['say "hi".txt', 'semi;colon, comma=.txt', 'Ünïcödé 名前 😀.pdf', '100% %41 + plus.txt', "it's (1) [2] {3}.txt", '‮gpj.exe', '<img src=x>.html', 'n'.repeat(128)];
  for (let i = 0; i < names.length; i += 8) {
    const files = Object.fromEntries(names.slice(i, i + 8).map((name) => [name, Buffer.from(name)]));
    const { answer: { id }, lists } = await room.addList(room.owner, 'names', { attachedFiles: files });
    // A name does not turn the text around it: what looks like "exe.jpg" would be a program.
    assert.deepEqual(Object.keys(lists[id].attachedFiles).sort(), Object.keys(files).map((name) => name.replace('\u202e', '')).sort());
    for (const [name, url] of Object.entries(lists[id].attachedFiles)) {
      const { status, disposition, body } = await content(room.hanna, url);
      assert.deepEqual([status, body.toString().replace('\u202e', '')], [200, name]);
      assert.match(disposition, /^(attachment|inline); filename="[^"\\%\r\n]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+$/);
      assert.equal(decodeURIComponent(disposition.split("UTF-8''")[1]), name);
    }
  }
});
