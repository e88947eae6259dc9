/** Whatever a client sends: no effect, no event for others, it stays connected, and the log has one line that is no error. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { logIn } from './lib/people.mjs';
import { Room } from './lib/room.mjs';
import { news, Tab } from './lib/tab.mjs';

const huge = 'x'.repeat(1 << 20);
const noFiles = { newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [] };

let deep = 'core';
for (let i = 0; i < 50; i++) deep = i % 2 ? [deep] : { deep };

const wrongIds = [null, '', 0, -1, 1.5, '1.5', '1e3', ' 7', '7 ', '+7', '007', '0x7', true, [], [1], {}, 1e30, '9'.repeat(30), huge, deep, 'id'];
const wrongTexts = [null, 5, true, [], ['a'], {}, deep];
const wrongNames = [...wrongTexts, '', ' ', ' \t ', 'a\0b', 'x'.repeat(65), huge];
const wrongTitles = [...wrongTexts, '', ' ', ' \t ', 'a\0b', 'x'.repeat(257), huge]; // of cards
const wrongDescs = [...wrongTexts, 'a\0b', 'x'.repeat(2049), huge];
const wrongFiles = ['a', 5, true, [], ['a'], { a: 'text' }, { a: null }, { a: {} }, deep];
const wrongPositions = [null, '1', '', 1.5, true, [], {}, 1e30, deep];
const wrongArrays = ['a', 5, true, {}, deep];
const wrongIdLists = [...wrongArrays, [null], [{}], [1.5], ['x'], [[1]], [huge]];
const wrongNameLists = [...wrongArrays, [5], [{}]];

/** Every event: a payload that would be carried out, and what its keys may not be. `optional` may be missing or null. */
function events({ board, list, card, otherList, otherCard, otherBoard }) {
  const foreign = { projectId: [otherBoard, 999_999_999], list: [otherList, 999_999_999], card: [otherCard, 999_999_999] };
  const projectId = [...wrongIds, ...foreign.projectId];
  const listIds = [...wrongIds, ...foreign.list];
  const cardIds = [...wrongIds, ...foreign.card];
  const editing = {
    newAttachedFiles: wrongFiles, replacedAttachedFiles: wrongFiles, removedAttachedFiles: wrongNameLists,
  };
  const optional = ['attachedFiles', 'members', 'newMembers', 'removedMembers', ...Object.keys(noFiles)];
  return {
    optional,
    create_list: [{ projectId: board, name: 'n', listDesc: '', attachedFiles: {} }, { projectId, name: wrongNames, listDesc: wrongDescs, attachedFiles: wrongFiles }],
    move_list: [{ projectId: board, id: list, pos: 1 }, { projectId, id: listIds, pos: wrongPositions }],
    edit_list: [{ projectId: board, id: list, name: 'n', listDesc: '', ...noFiles }, { projectId, id: listIds, name: wrongNames, listDesc: wrongDescs, ...editing }],
    delete_list: [{ projectId: board, id: list }, { projectId, id: listIds }],
    create_card: [{ projectId: board, listId: list, name: 'n', cardDesc: '', attachedFiles: {}, members: [] },
      { projectId, listId: listIds, name: wrongTitles, cardDesc: wrongDescs, attachedFiles: wrongFiles, members: wrongIdLists }],
    move_card: [{ projectId: board, id: card, listId: list, pos: 1 }, { projectId, id: cardIds, listId: listIds, pos: wrongPositions }],
    move_cards: [{ projectId: board, ids: [card], listId: list, pos: 1 },
      { projectId, ids: [...wrongIdLists, [], null, [otherCard], [card, 999_999_999]], listId: listIds, pos: wrongPositions }],
    edit_card: [{ projectId: board, id: card, listId: list, name: 'n', cardDesc: '', ...noFiles, newMembers: [], removedMembers: [] },
      { projectId, id: cardIds, name: wrongTitles, cardDesc: wrongDescs, ...editing, newMembers: wrongIdLists, removedMembers: wrongIdLists }],
    delete_card: [{ projectId: board, id: card, listId: list }, { projectId, id: cardIds }],
    sync_project: [{ projectId: board, sinceRev: 0 }, { projectId, sinceRev: [null, '1', '', 1.5, -1, true, [], {}] }],
    join_project_room: [null, null],
  };
}

/** The arguments of everything that may not be carried out of one event. */
function mutations([valid, keys], optional) {
  const all = [[], [null], [true], [5.5], ['text'], [huge], [[]], [{}], [deep]];
  if (!keys) return [...all, ...wrongIds.map((id) => [id]), [999_999_999]];
  all.push([[valid]], [JSON.stringify(valid)], [5], [null, valid], [[], valid]);
  for (const [key, wrong] of Object.entries(keys)) {
    if (!optional.includes(key)) all.push([without(valid, key)]);
    for (const value of wrong) all.push([{ ...valid, [key]: value }]);
  }
  return all;
}

function without(object, ...keys) {
  return Object.fromEntries(Object.entries(object).filter(([each]) => !keys.includes(each)));
}

/** What the server logs from now on. */
function logFromNow() {
  const start = statSync(process.env.CONTRACT_LOG).size;
  return () => readFileSync(process.env.CONTRACT_LOG).subarray(start).toString().split('\n').filter(Boolean);
}

const brief = (args) => JSON.stringify(args, (_, value) => (typeof value === 'string' && value.length > 80 ? `${value.slice(0, 10)}… (${value.length})` : value));

for (const generation of [2, 4]) {
  test(`bad input changes nothing, client ${generation}`, { timeout: 600_000 }, async (t) => {
    const room = await Room.open(t, { ownerGeneration: generation });
    const { owner, board } = room;
    let list;
    for (const name of ['two', 'one']) list = (await room.addList(owner, name)).answer.id;
    const card = (await room.addCard(owner, list, 'card', 0)).answer.id;
    await room.addCard(owner, list, 'other', 1);
    const other = await foreignBoard(room.stranger);
    const { optional, ...table } = events({ board: board.id, list, card, ...other });
    await news(...room.all);

    for (const [event, row] of Object.entries(table)) {
      const before = [await room.ana.snapshot(board.path), await room.dmitri.snapshot(other.path)];
      const log = logFromNow();
      const cases = mutations(row, optional);
      for (const args of cases) {
        const answer = await owner.ask(event, ...args);
        const what = `${event} ${brief(args)}: ${brief(answer)}`;
        assert.ok(['invalid', 'notFound'].includes(answer?.error), what);
        assert.ok(typeof answer.message === 'string' && answer.message, what);
        owner.tell(event, ...args); // without an acknowledgement: silence
      }
      for (const heard of await news(...room.all)) assert.deepEqual(heard, [], event);
      assert.deepEqual([await room.ana.snapshot(board.path), await room.dmitri.snapshot(other.path)], before, event);
      const lines = log().filter((line) => line.includes(`event=${event} `));
      assert.equal(lines.length, 2 * cases.length, `log lines of ${event}`);
      for (const line of lines) assert.match(line, /level=(DEBUG|INFO|WARN) msg="socket event"/);
      assert.ok(owner.socket.connected);
    }
    // Everything valid still works: the cases above were refused for their faults.
    const others = without(table, 'delete_list', 'join_project_room');
    for (const [event, [payload]] of Object.entries(others)) assert.equal((await owner.ask(event, payload)).ok, true, event);
    assert.equal((await owner.ask('delete_list', table.delete_list[0])).ok, true);
  });
}

/** Another person's board, nothing of which may be reached by the owner of another one. */
async function foreignBoard(stranger) {
  const board = await stranger.person.makeBoard();
  const { id: otherList } = await stranger.ask('create_list', { projectId: board.id, name: 'foreign', listDesc: '', attachedFiles: {} });
  const { id: otherCard } = await stranger.ask('create_card', { projectId: board.id, listId: otherList, name: 'foreign', cardDesc: '', attachedFiles: {}, members: [] });
  return { path: board.path, otherList, otherCard, otherBoard: board.id };
}

test('who may not write is refused, whatever they know', async (t) => {
  const room = await Room.open(t);
  const { board } = room;
  const list = (await room.addList(room.owner, 'list')).answer.id;
  const card = (await room.addCard(room.owner, list, 'card', 0)).answer.id;
  const table = without(events({ board: board.id, list, card }), 'optional', 'join_project_room', 'sync_project');
  const before = await room.ana.snapshot(board.path);
  for (const [tab, error] of [[room.reader, 'forbidden'], [room.stranger, 'notFound']]) {
    for (const [event, [payload]] of Object.entries(table)) {
      const withFile = 'attachedFiles' in payload ? { ...payload, attachedFiles: { a: Buffer.from('a') } } : payload;
      const answer = await tab.ask(event, withFile);
      assert.equal(answer.error, error, `${tab.person.name}: ${event}`);
      tab.tell(event, payload);
    }
  }
  for (const heard of await news(...room.all)) assert.deepEqual(heard, []);
  assert.deepEqual(await room.ana.snapshot(board.path), before);
});

test('unknown keys and further arguments do not matter', async (t) => {
  const room = await Room.open(t);
  await room.change(room.owner, 'create_list', { name: 'n', listDesc: '', attachedFiles: {}, id: 5, pos: 9, role: 'owner', deep }, 'create_list_successful',
    ({ id }) => [['build_new_list', { id, name: 'n', listDesc: '', pos: 0, attachedFiles: {} }]]);
  const answer = await room.owner.ask('create_list', { projectId: room.board.id, name: 'm', listDesc: '', attachedFiles: {} }, { name: 'second' }, 'third', null);
  assert.equal(answer.ok, true);
  assert.equal((await room.lists())[answer.id].name, 'm');
});

test('messages are in the language of the person who is refused', async (t) => {
  const ana = await logIn('ana');
  const messages = [];
  for (const language of ['en', 'de']) {
    const headers = { cookie: `${ana.cookie}; lang=${language}` };
    const tab = await Tab.open(t, ana, { extraHeaders: headers });
    messages.push((await tab.ask('create_list', {})).message);
  }
  assert.notEqual(...messages);
});
