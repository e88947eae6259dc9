/**
 * No client diverges, whatever happens: 12 clients of both generations on three boards do thousands of random things, take
 * them back, lose their connections, sleep, send twice; people come and go, get other roles and another name; the server
 * is stopped once and killed once, or several servers, their Redis and the lines between fail all the time. At the end every
 * client equals the database, positions are dense, and every event was applied once and in order.
 *
 * The seed decides what is done, not when it arrives: a failure comes again with its seed often, not always.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { randomOf } from '../../static/js/board/model/randomBoard.mjs';
import { logIn, password } from '../lib/people.mjs';
import { shape } from '../lib/room.mjs';
import { Tab } from '../lib/tab.mjs';
import { NewClient } from './newClient.mjs';
import { OldClient } from './oldClient.mjs';
import { server } from './server.mjs';

const seconds = Number(process.env.CHAOS_SECONDS);
const seed = Number(process.env.CHAOS_SEED);
const random = randomOf(seed);
const TIMEOUT_MS = 60_000; // ms until all clients are idle
let renames = 0;

console.log(`seed ${seed}, ${seconds} s`);
await server.begin();
const names = ['ana', 'ben', 'chloe', 'elif', 'farid', 'dmitri'];
const people = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await logIn(name, {}, server.url)])));
const boards = await Promise.all([1, 2, 3].map(() => openBoard()));
const clients = boards.flatMap(({ clients: all }) => all);
const started = Date.now();
const acting = [...clients.map((client) => keepDoing(client)), ...boards.map((board) => govern(board))];
await server.trouble(seconds, random, isOver);
await Promise.all(acting);
await settle();
await compare();
report();
for (const client of clients) client.close();
for (const board of boards) board.owner.close();
await server.end();
process.exit(0);

/** A board of ana's with two old and two new clients of people who may write; dmitri comes and goes, without a client. */
async function openBoard() {
  const { ana, ben, chloe, elif, farid, dmitri } = people;
  const board = await ana.makeBoard({ admins: [ben, chloe, elif, farid, dmitri] });
  const snapshot = await ana.snapshot(board.path);
  board.people = Object.keys(snapshot.project.members).map(Number);
  for (const [id, { name }] of Object.entries(snapshot.project.members)) board[name] = Number(id);
  board.dmitriIsIn = true;
  board.elifMayWrite = true;
  board.removed = [];
  board.owner = new Tab(ana, { reconnectionDelay: 50, reconnectionDelayMax: 400 });
  board.transports = () => server.transports(random);
  const [bens, anas, chloes, elifs] = [ben, ana, chloe, elif].map((person) => server.browserOf(person));
  board.clients = [
    new OldClient(bens, board, random), new OldClient(anas, board, random),
    new NewClient(chloes, board, random, snapshot), new NewClient(elifs, board, random, snapshot),
  ];
  return board;
}

function isOver() {
  return Date.now() - started > seconds * 1000 || clients.some(({ failure }) => failure);
}

/** What one person does: bursts and pauses, and trouble now and then. */
async function keepDoing(client) {
  while (!isOver()) {
    await pause(random(10) ? 20 + random(120) : 500);
    client.act();
    if (random(60) === 0) client.trouble();
  }
}

/** What only the owner can do, and looks into the trash and the archive for others. */
async function govern(board) {
  const acts = [
    () => board.owner.ask('edit_project_name_and_desc', { projectId: board.id, id: board.id, name: board.path.split('/')[2], projectDesc: `d${random(1e6)}` }),
    () => board.owner.ask('change_project_visibility', { projectId: board.id, value: ['private', 'friends', 'public'][random(3)] }),
    () => comeOrGo(board),
    () => changeRole(board),
    () => rename(board),
    () => board.owner.ask('renew_invite_link', { projectId: board.id, role: 'admin' }),
    () => look(board, 'bin'),
    () => look(board, 'archive'),
  ];
  while (!isOver()) {
    await pause(400 + random(400));
    if (!board.owner.socket.connected) continue;
    await acts[random(acts.length)]().catch(() => {}); // the server is away
  }
}

async function comeOrGo(board) {
  if (board.dmitriIsIn) await board.owner.ask('remove_user_from_project', { projectId: board.id, userId: board.dmitri });
  else {
    // After a removal the old link is dead.
    const { links } = await board.owner.ask('list_invite_links', { projectId: board.id });
    await people.dmitri.post(new URL(links.find(({ role }) => role === 'admin').link).pathname);
  }
  board.dmitriIsIn = !board.dmitriIsIn;
}

/** A member whose client goes on as before may only read for a while, and is refused. */
async function changeRole(board) {
  board.elifMayWrite = !board.elifMayWrite;
  await board.owner.ask('change_user_role', { projectId: board.id, userId: board.elif, newRole: board.elifMayWrite ? 'admin' : 'access-only' });
}

/** Ben has another name now, on all boards at once. */
async function rename(board) {
  const { project } = await people.ana.snapshot(board.path);
  const { name } = project.members[board.ben];
  const form = { submit: 'changeUsername', newUsername: name === 'ben' ? 'Benedict' : 'ben', password };
  const answer = await people.ben.post(`/${name}/settings`, form);
  if (answer.status === 302) renames += 1;
}

async function look(board, from) {
  const { items = [] } = await board.owner.ask(`read_${from}`, { projectId: board.id });
  board.removed.push(...items.slice(0, 4).map(({ kind, id }) => ({ from, kind, id })));
}

async function settle() {
  const end = Date.now() + TIMEOUT_MS;
  for (const board of boards) {
    for (;;) {
      if (clients.some(({ failure }) => failure)) return;
      const { rev } = await people.ana.snapshot(board.path);
      const late = board.clients.filter((client) => !client.isDone(rev));
      if (late.length === 0) break;
      assert.ok(Date.now() < end, `at revision ${rev} these do not come to rest: ${late.map(({ name, rev: own, model }) => `${name} at ${own ?? model.rev}${model?.isBusy ? ', busy' : ''}`)}`);
      await pause(100);
    }
  }
}

async function compare() {
  for (const board of boards) {
    const truth = await people.ana.snapshot(board.path);
    shape(truth.project.lists); // fails unless positions are 0…n−1
    for (const client of board.clients) client.check(truth);
    await onlyOnce(board, truth);
  }
}

/** Every card and list that a new client has made exists once: its name was given to one id only. */
async function onlyOnce(board, { project }) {
  const ids = new Map();
  const note = (kind, id, name) => name.startsWith('new ') && ids.set(`${kind} ${name}`, [...ids.get(`${kind} ${name}`) ?? [], id]);
  for (const [id, list] of Object.entries(project.lists)) {
    note('list', id, list.name);
    for (const [card, { name }] of Object.entries(list.cards)) note('card', card, name);
  }
  for (const from of ['bin', 'archive']) {
    const { items } = await board.owner.ask(`read_${from}`, { projectId: board.id });
    for (const { kind, id, name } of items) note(kind, id, name);
  }
  for (const [what, all] of ids) assert.equal(all.length, 1, `${what} exists ${all.length} times`);
}

function report() {
  const sum = (key) => clients.reduce((total, client) => total + (client[key] ?? 0), 0);
  const refused = {};
  for (const client of clients) for (const [code, n] of Object.entries(client.refused ?? {})) refused[code] = (refused[code] ?? 0) + n;
  console.log(`${sum('applied')} events applied by ${clients.length} clients, ${sum('sent')} actions sent by the new ones, ${sum('undone')} taken back, ${renames} other names, refused: ${JSON.stringify(refused)}`);
}
