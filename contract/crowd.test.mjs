/** Many at once: writers whose pages must end equal to the database, and a room of six hundred. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { logIn } from './lib/people.mjs';
import { OldPage } from './lib/oldPage.mjs';
import { Tab, within } from './lib/tab.mjs';

/** Small and repeatable (mulberry32). */
function randomness(seed) {
  let a = seed;
  return (n) => {
    a = (a + 0x6D2B79F5) | 0;
    let x = Math.imul(a ^ (a >>> 15), 1 | a);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) % n;
  };
}

/** Something a person might do on the page they see; its ids may be out of date by the time it arrives. */
function anything(page, random, projectId, people) {
  const pick = (all) => all[random(all.length)];
  const listId = pick(page.shown);
  const cards = Object.values(page.lists).flatMap((list) => list.shown);
  const noFiles = { newAttachedFiles: {}, replacedAttachedFiles: {}, removedAttachedFiles: [] };
  const someone = () => people.filter(() => random(3) === 0);
  const text = `t${random(1000)}`;
  const kinds = {
    create_list: () => ({ name: text, listDesc: text, attachedFiles: random(4) ? {} : { [text]: Buffer.from(text) } }),
    create_card: () => ({ listId, name: text, cardDesc: text, attachedFiles: {}, members: someone() }),
    move_list: () => ({ id: listId, pos: random(page.shown.length + 2) }),
    edit_list: () => ({ id: listId, name: text, listDesc: '', ...noFiles, removedAttachedFiles: Object.keys(page.lists[listId].attachedFiles) }),
    move_card: () => ({ id: pick(cards), listId, pos: random(6) }),
    move_cards: () => ({ ids: cards.filter(() => random(6) === 0), listId, pos: random(6) }),
    edit_card: () => ({ id: pick(cards), listId, name: text, cardDesc: '', ...noFiles, newMembers: someone(), removedMembers: someone() }),
    delete_card: () => ({ id: pick(cards), listId }),
    delete_list: () => ({ id: listId }),
  };
  const needsList = page.shown.length === 0;
  const needsCard = cards.length === 0;
  const names = ['create_card', 'create_card', 'create_card', 'move_list', 'edit_list', 'move_card', 'move_card', 'move_card', 'move_cards', 'move_cards', 'edit_card', 'delete_card'];
  if (page.shown.length > 6) names.push('delete_list');
  if (page.shown.length < 9) names.push('create_list');
  const name = needsList ? 'create_list' : needsCard ? 'create_card' : pick(names);
  return [name, { projectId, ...kinds[name]() }];
}

test('old pages that know only deltas end equal to the database', async (t) => {
  const seed = Number(process.env.CONTRACT_SEED ?? Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`CONTRACT_SEED=${seed}`);
  const [ana, ben, chloe] = await Promise.all(['ana', 'ben', 'chloe'].map((name) => logIn(name)));
  const board = await ana.makeBoard({ admins: [ben, chloe] });
  const people = Object.keys((await ana.snapshot(board.path)).project.members);
  const tabs = await Promise.all([[ana, 2], [ben, 4], [ben, 2], [chloe, 4]].map(([person, generation]) => Tab.open(t, person, { generation })));
  for (const tab of tabs) await tab.join(board);
  const { rev: start, project } = await ana.snapshot(board.path);
  const pages = tabs.map(() => new OldPage(project.lists));
  const heard = tabs.map(() => []);
  const follow = (i) => {
    for (const event of tabs[i].take()) {
      if (!('rev' in (event[1] ?? {}))) continue; // a confirmation
      heard[i].push(event);
      pages[i].apply(event);
    }
  };
  const rounds = 120;
  const done = {};
  await Promise.all(tabs.map(async (tab, i) => {
    const random = randomness(seed + i);
    for (let round = 0; round < rounds; round++) {
      const [name, payload] = anything(pages[i], random, i % 2 ? board.id : String(board.id), people);
      const answer = await tab.ask(name, payload);
      assert.ok(answer.ok || ['notFound', 'invalid'].includes(answer.error), `${name} ${JSON.stringify(payload)}: ${JSON.stringify(answer)}`);
      if (answer.ok) done[name] = (done[name] ?? 0) + 1;
      follow(i);
    }
  }));
  t.diagnostic(`carried out: ${JSON.stringify(done)}`);
  assert.ok(Object.values(done).reduce((sum, n) => sum + n, 0) > rounds * 2, 'most of it is carried out');
  const { rev, project: after } = await ana.snapshot(board.path);
  for (const [i, tab] of tabs.entries()) {
    await tab.settle();
    follow(i);
    assert.deepEqual(heard[i].map(([, payload]) => payload.rev), Array.from({ length: rev - start }, (_, n) => start + 1 + n), 'every event once, in order');
    assert.deepEqual(pages[i], new OldPage(after.lists), `page of ${tab.person.name}, client ${tab.generation}`);
  }
});

test('six hundred clients with default options join a room and all receive everything', { timeout: 600_000 }, async (t) => {
  const ana = await logIn('ana');
  const board = await ana.makeBoard();
  const crowd = [];
  const arrivals = [];
  t.after(() => { for (const tab of crowd) tab.close(); });
  for (let i = 0; i < 600; i++) {
    const tab = new Tab(ana, { generation: i % 2 ? 4 : 2 });
    crowd.push(tab);
    arrivals.push(tab.connected().then(() => tab.join(board)));
    await pause(20); // how they arrive is what is tested, not what is waited for
  }
  await Promise.all(arrivals);
  const upgraded = crowd.map((tab) => within(new Promise((resolve) => {
    const { engine } = tab.socket.io;
    if (engine.transport.name === 'websocket') resolve();
    else engine.once('upgrade', resolve);
  }), 'upgrade'));
  await Promise.all(upgraded);
  const writer = crowd[0];
  const names = Array.from({ length: 10 }, (_, i) => `list ${i}`);
  for (const name of names) assert.equal((await writer.ask('create_list', { projectId: board.id, name, listDesc: '', attachedFiles: {} })).ok, true);
  for (const tab of crowd) {
    const built = (events) => events.filter(([event]) => event === 'build_new_list');
    await tab.until((events) => built(events).length >= names.length, 'all events');
    assert.deepEqual(built(tab.take()).map(([, { name }]) => name), names);
  }
});
