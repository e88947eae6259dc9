import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commandNames, composeList, openCard, runCommand } from './commands.js';
import { Emitter } from './emitter.js';

const scripts = path.resolve(import.meta.dirname, '..');
const templates = path.resolve(scripts, '../../templates');
const filesIn = (dir, ext) => readdirSync(dir, { recursive: true }).filter((name) => name.endsWith(ext)).map((name) => path.join(dir, name));
const signal = () => new AbortController();

test('every command that a template or a dialog names exists', async () => {
  for (const file of filesIn(scripts, '/commands.js')) await import(file);
  const known = new Set(commandNames());
  for (const file of filesIn(scripts, '.js')) {
    if (/^export default class .*extends/m.test(readFileSync(file, 'utf8'))) known.add(`open-${path.basename(file, '.js')}`);
  }
  let found = 0;
  const check = (file, name) => {
    found += 1;
    assert.ok(known.has(name), `${path.basename(path.dirname(file))}/${path.basename(file)}: there is no command "${name}"`);
  };
  for (const file of filesIn(templates, '.html')) {
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/"Command" "([^"]+)"/g)) check(file, name);
    for (const [button] of text.matchAll(/<button[^>]*click:command[^>]*>/g)) {
      const [, name] = /value="([^"]*)"/.exec(button) ?? [];
      // A piece for buttons gets it as "Command".
      if (name !== '{{.Command}}') check(file, name);
    }
  }
  for (const file of filesIn(scripts, '.js')) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/goOn\('([^']+)'\)/g)) check(file, name);
  }
  assert.ok(found > 5, `${found} commands were found`);
});

test('a command that no element handles yet waits, the last of each name', async () => {
  const store = new Emitter({ events: [], states: [] });
  const handled = [];
  openCard(store, { id: '1' });
  openCard(store, { id: '2' });
  composeList(store);
  openCard.handle(store, ({ id }) => handled.push(id), signal().signal);
  assert.deepEqual(handled, [], 'elements of the same kind that come next can handle it, too');
  await null;
  assert.deepEqual(handled, ['2']);
  openCard(store, { id: '3' });
  assert.deepEqual(handled, ['2', '3']);
});

test('a command waits when its last handler is removed', async () => {
  const store = new Emitter({ events: [], states: [] });
  const handled = [];
  const first = signal();
  openCard.handle(store, ({ id }) => handled.push(`first ${id}`), first.signal);
  first.abort();
  openCard(store, { id: '1' });
  openCard.handle(store, ({ id }) => handled.push(`second ${id}`), signal().signal);
  await null;
  assert.deepEqual(handled, ['second 1']);
});

test('a button cannot name a command that does not exist', () => {
  const store = new Emitter({ events: [], states: [] });
  assert.throws(() => runCommand(store, 'compose-crad'), /there is no command "compose-crad"/);
  assert.doesNotThrow(() => runCommand(store, 'compose-list'));
});

test('an event or state that does not exist is an error, and a state is passed to later watchers', () => {
  const store = new Emitter({ events: ['change'], states: ['filter'] });
  const { signal: until } = signal();
  assert.throws(() => store.on('chagne', () => {}, until), /there is no event or state "chagne"/);
  assert.throws(() => store.emit('filter', 1), /"filter"/);
  assert.throws(() => store.set('change', 1), /"change"/);
  const seen = [];
  store.watch('filter', (value) => seen.push(value), until);
  store.set('filter', 1);
  store.watch('filter', (value) => seen.push(value), until);
  store.unset('filter');
  store.watch('filter', (value) => seen.push(value), until);
  assert.deepEqual(seen, [1, 1]);
});
