/** http.md sections 7.12 to 7.14 and 10: profiles, pictures, settings, deletion; defects H02 H03 H04 H07 H08 H09 H12 H13 H15 H16, D15, D16. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { untilEqual } from '../e2e/lib/until.js';
import { base, codeFor, cookiesOf, newName, Person, signUp } from './lib/people.mjs';
import { Tab } from './lib/tab.mjs';

const visitor = new Person();
const secret = 'correct horse';
const location = (answer) => [answer.status, answer.headers.get('location')];

/** A new person with a verified account. */
async function member(letter) {
  const name = newName(letter);
  const { person, verifyPath } = await signUp(name);
  assert.equal((await person.post(verifyPath, { code: await codeFor(name) })).status, 302);
  return person;
}

async function befriend(a, b) {
  await a.post('/new-friend', { name: b.name });
  await b.post('/new-friend', { name: a.name });
}

/** The first event of this name that a tab receives, without the name. */
async function hears(tab, event) {
  let found;
  await tab.until((heard) => {
    found = heard.find(([name]) => name === event);
    return found;
  }, `${tab.person.name} hears ${event}`);
  return found.slice(1);
}

const settings = (person) => `/${person.name}/settings`;
const change = (person, submit, fields, headers) => person.post(settings(person), { submit, ...fields }, headers);

async function flip(person, setting, value, token) {
  const body = JSON.stringify({ token: token ?? await person.token(), setting, value });
  return person.request(settings(person), { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

/** What the page says of a switch. */
async function isOn(person, setting) {
  const html = await (await person.get(settings(person))).text();
  return / checked/.test(new RegExp(`<input[^>]* name="${setting}"[^>]*>`).exec(html)[0]);
}

async function isEmpty(answer, status) {
  assert.equal(answer.status, status);
  assert.equal(await answer.text(), '');
}

/** The form is there again, open, with its messages. */
async function isAgain(answer, dialog, ...fields) {
  assert.equal(answer.status, 400);
  const html = await answer.text();
  assert.match(html, new RegExp(`<dialog[^>]* id="w-${dialog}"[^>]* open>`));
  for (const field of fields) assert.match(html, new RegExp(`<input[^>]* name="${field}"[^>]* aria-invalid="true"`), field);
  return html;
}

test('/⟨user⟩ leads to the first tab; a name in another spelling to the stored one', async () => {
  const ann = await member('A');
  assert.deepEqual(location(await visitor.get(`/${ann.name}`)), [302, `/${ann.name}/projects`]);
  const other = ann.name.toLowerCase();
  assert.deepEqual(location(await visitor.get(`/${other}`)), [302, `/${ann.name}/projects`]);
  for (const tab of ['projects', 'friends']) assert.deepEqual(location(await visitor.get(`/${other}/${tab}?x=1`)), [302, `/${ann.name}/${tab}?x=1`]);
  assert.deepEqual(location(await ann.get(`/${other}/settings`)), [302, settings(ann)]);
  const { person } = await signUp(newName('u'));
  for (const path of ['/nobody-here', '/nobody-here/projects', '/x/friends', `/${person.name}`, `/${person.name}/projects`, '/a%00b', '/%ff']) {
    assert.equal((await visitor.get(path)).status, 404, path);
  }
  assert.equal((await visitor.get(settings(ann))).status, 404);
  assert.equal((await (await member('b')).get(settings(ann))).status, 404);
});

test('who sees a profile: everyone, or friends only; the address by its own switch', async () => {
  const [ann, friend, stranger] = await Promise.all(['a', 'f', 's'].map(member));
  await befriend(ann, friend);
  const address = `mailto:${ann.name}@example.org`;
  for (const [hidden, sees] of [[true, [ann]], [false, [ann, friend, stranger, visitor]]]) {
    await isEmpty(await flip(ann, 'useremailPrivate', hidden), 200);
    for (const who of [ann, friend, stranger, visitor]) {
      assert.equal((await (await who.get(`/${ann.name}/projects`)).text()).includes(address), sees.includes(who), `${who.name || 'a visitor'}, hidden ${hidden}`);
    }
  }
  await isEmpty(await flip(ann, 'userprofilePrivate', true), 200);
  for (const tab of ['', '/projects', '/friends']) {
    for (const [who, status] of [[ann, tab ? 200 : 302], [friend, tab ? 200 : 302], [stranger, 404], [visitor, 404]]) {
      assert.equal((await who.get(`/${ann.name}${tab}`)).status, status, `${who.name || 'a visitor'} at ${tab}`);
    }
  }
  // A hidden profile answers forms as a missing one does.
  for (const submit of ['removeFriend', 'editProfile', 'x']) {
    for (const path of [`/${ann.name}`, '/nobody-here']) assert.equal((await stranger.post(path, { submit })).status, 404);
  }
});

test('the projects tab lists what the viewer may see, by name', async () => {
  const [ann, friend, collab, stranger] = await Promise.all(['a', 'f', 'c', 's'].map(member));
  await befriend(ann, friend);
  const make = async (name, fields) => assert.equal((await ann.post('/new', { name, desc: `about ${name} <i>`, ...fields })).status, 302);
  await make('zebra');
  await make('apple');
  await make('hidden', { project_private: 'on' });
  const data = await ann.pageData(`/${ann.name}/hidden`);
  await collab.post(new URL(data.inviteLink).pathname);
  const names = async (who) => [...(await (await who.get(`/${ann.name}/projects`)).text()).matchAll(new RegExp(`href="/${ann.name}/([\\w-]+)">\\1</a>`, 'g'))].map(([, name]) => name);
  for (const [who, sees] of [[ann, ['apple', 'hidden', 'zebra']], [collab, ['apple', 'hidden', 'zebra']], [friend, ['apple', 'zebra']], [stranger, ['apple', 'zebra']], [visitor, ['apple', 'zebra']]]) {
    assert.deepEqual(await names(who), sees, who.name || 'a visitor');
  }
  const html = await (await visitor.get(`/${ann.name}/projects`)).text();
  assert.ok(html.includes('about zebra &lt;i&gt;') && !html.includes('<i>'));
});

test('the friends tab leaves out people who hide, but not from themselves and their friends', async () => {
  const [ann, open, shy, both, stranger] = await Promise.all(['a', 'o', 's', 'b', 'x'].map(member));
  await befriend(ann, open);
  await befriend(ann, shy);
  await befriend(both, shy);
  await flip(shy, 'userprofilePrivate', true);
  for (const [who, seen] of [[ann, true], [shy, true], [both, true], [open, false], [stranger, false], [visitor, false]]) {
    const html = await (await who.get(`/${ann.name}/friends`)).text();
    assert.ok(html.includes(`href="/${open.name}"`));
    assert.equal(html.includes(`class="profileFriend" href="/${shy.name}"`), seen, who.name || 'a visitor');
  }
});

test('page data: username, userId, token, invalidNames', async () => {
  const [ann, bob] = await Promise.all(['a', 'b'].map(member));
  for (const path of ['projects', 'friends', 'settings']) {
    const data = await ann.pageData(`/${ann.name}/${path}`);
    assert.equal(data.username, ann.name);
    assert.equal(typeof data.userId, 'number');
    assert.equal(data.token, await ann.token());
  }
  assert.ok((await ann.pageData(settings(ann))).invalidNames.includes('login'));
  assert.equal((await bob.pageData(`/${ann.name}/projects`)).token, undefined);
  assert.equal((await visitor.pageData(`/${ann.name}/projects`)).token, undefined);
});

/** A black PNG. */
function png(width, height, { announce = height } = {}) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(announce, 4);
  head.set([8, 2], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.alloc((width * 3 + 1) * height))), chunk('IEND', Buffer.alloc(0))]);
}

function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xEDB88320 : 0);
  }
  return ~value >>> 0;
}

const sizeOf = async (path) => {
  const answer = await visitor.get(path);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { answer, size: [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] };
};

async function edit(person, { desc = '', picture, token, path = `/${person.name}`, ...more } = {}) {
  const body = new FormData();
  body.set('token', token ?? await person.token());
  body.set('submit', 'editProfile');
  body.set('newProfileDesc', desc);
  if (picture !== undefined) body.set('newProfilePic', typeof picture === 'string' ? picture : new Blob([picture], { type: 'image/png' }));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  return person.request(path, { method: 'POST', body });
}

test('editProfile: text, picture, limits', async () => {
  const [ann, bob] = await Promise.all(['a', 'b'].map(member));
  const page = async () => (await visitor.get(`/${ann.name}/projects`)).text();
  const pictureOf = async () => /class="profilePic" src="([^"]+)"/.exec(await page())[1];
  await isEmpty(await edit(ann, { desc: 'I am <b>Ann</b> & more', picture: 'null' }), 200);
  assert.ok((await page()).includes('I am &lt;b&gt;Ann&lt;/b&gt; &amp; more'), 'escaped (H16)');
  assert.match(await pictureOf(), /^\/static\/default_avatar\/a[1-4]x\.png$/);
  await isEmpty(await edit(ann, { desc: 'ü'.repeat(256) }), 200);
  assert.equal((await edit(ann, { desc: 'ü'.repeat(257) })).status, 400);
  assert.ok((await page()).includes('ü'.repeat(256)), 'too long a text changes nothing');

  await isEmpty(await edit(ann, { picture: png(600, 400) }), 200);
  const large = await pictureOf();
  assert.match(large, /^\/avatars\/[0-9a-f]{32}\.png$/);
  const { answer, size } = await sizeOf(large);
  assert.deepEqual([answer.status, answer.headers.get('content-type'), size], [200, 'image/png', [280, 280]]);
  assert.match(answer.headers.get('cache-control'), /public, max-age=86400/);
  assert.deepEqual((await sizeOf(large.replace('.png', '-s.png'))).size, [50, 50]);
  await isEmpty(await edit(ann, { picture: png(40, 30) }), 200);
  assert.deepEqual((await sizeOf(await pictureOf())).size, [30, 30], 'never scaled up');
  assert.equal((await visitor.get(large)).status, 404, 'the old one is gone');

  const kept = await pictureOf();
  for (const [what, picture] of Object.entries({ text: Buffer.from('hello'), nothing: Buffer.alloc(0), bomb: png(1, 1, { announce: 0x7fffffff }), cut: png(50, 50).subarray(0, 60), svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') })) {
    assert.equal((await edit(ann, { picture })).status, 400, what);
  }
  assert.equal(await pictureOf(), kept, 'what is refused changes nothing (H15)');
  await isEmpty(await edit(ann, { drawnPicture: 'on' }), 200);
  assert.match(await pictureOf(), /^\/static\/default_avatar\/a/);

  await isEmpty(await edit(ann, { desc: 'x', token: 'wrong' }), 419);
  await isEmpty(await edit(ann, { desc: 'x', token: await bob.token() }), 419);
  assert.equal((await edit(bob, { desc: 'by bob', path: `/${ann.name}` })).status, 404);
  assert.equal((await edit(bob, { desc: 'by bob', path: `/${ann.name}`, token: 'stale' })).status, 404);
  assert.equal((await edit(visitor, { desc: 'by nobody', path: `/${ann.name}` })).status, 404);
  assert.equal((await ann.post(`/${ann.name}`, { submit: 'editProfile' })).status, 400, 'a field is missing');
  assert.equal((await ann.post(`/${ann.name}`, { submit: 'fly' })).status, 400);
  assert.equal((await ann.post(`/${ann.name}`, {})).status, 400);
  assert.doesNotMatch(await page(), /by bob|by nobody/);
});

test('a new picture is announced to own pages and to friends', async (t) => {
  const [ann, friend, stranger] = await Promise.all(['a', 'f', 's'].map(member));
  await befriend(ann, friend);
  const { userId } = await ann.pageData(settings(ann));
  const tabs = await Promise.all([[ann, 2], [ann, 4], [friend, 4], [stranger, 4]].map(([who, generation]) => Tab.open(t, who, { generation, namespace: '/' })));
  await isEmpty(await edit(ann, { picture: png(60, 60) }), 200);
  for (const tab of tabs.slice(0, 3)) {
    const [{ id, picUrl, largePicUrl }] = await hears(tab, 'picture_changed');
    assert.equal(id, userId);
    assert.match(picUrl, /^\/avatars\/[0-9a-f]{32}-s\.png$/);
    assert.equal(largePicUrl, picUrl.replace('-s', ''));
  }
  await tabs[3].settle();
  assert.deepEqual(tabs[3].take(), []);
});

test('all 208 drawn pictures are there', async () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  for (const [suffix, width] of [['x', 280], ['s', 50]]) {
    for (const letter of letters) {
      for (const variant of [1, 2, 3, 4]) assert.deepEqual((await sizeOf(`/static/default_avatar/${letter}${variant}${suffix}.png`)).size, [width, width]);
    }
  }
});

test('removeFriend: both are notified, each of the other; no one else can cause it', async (t) => {
  const [ann, bob, eve] = await Promise.all(['a', 'b', 'e'].map(member));
  await befriend(ann, bob);
  const ids = {};
  for (const who of [ann, bob, eve]) ids[who.name] = (await who.pageData(`/${who.name}/projects`)).userId;
  const [annTab, bobTab] = [await Tab.open(t, ann, { generation: 2, namespace: '/' }), await Tab.open(t, bob, { generation: 4, namespace: '/' })];
  const remove = (who, from, fields) => who.post(`/${from.name}`, { submit: 'removeFriend', id: 'null', ...fields });
  assert.equal((await remove(eve, ann)).status, 404, 'no friendship');
  assert.equal((await remove(visitor, ann)).status, 404, 'no login');
  await isEmpty(await remove(ann, bob, { token: 'stale' }), 419);
  assert.ok((await (await ann.get(`/${ann.name}/friends`)).text()).includes(`href="/${bob.name}"`), 'still friends');
  await isEmpty(await remove(ann, bob), 200);
  assert.deepEqual(await hears(annTab, 'friend_removed'), [{ id: ids[bob.name] }]);
  assert.deepEqual(await hears(bobTab, 'friend_removed'), [{ id: ids[ann.name] }]);
  assert.equal((await remove(ann, bob)).status, 404, 'only once');
});

test('the four switches', async () => {
  const [ann, bob] = await Promise.all(['a', 'b'].map(member));
  for (const setting of ['useremailPrivate', 'userprofilePrivate', 'keepUserLoggedIn', 'blockAllFriendshipRequests']) {
    for (const value of [true, false, true]) {
      const answer = await flip(ann, setting, value);
      if (setting === 'keepUserLoggedIn') {
        assert[value ? 'match' : 'doesNotMatch'](answer.headers.getSetCookie().join('\n'), /Max-Age=31536000/, 'the cookie is issued anew');
        ann.cookie = cookiesOf(answer);
      }
      await isEmpty(answer, 200);
      assert.equal(await isOn(ann, setting), value, setting);
    }
    await isEmpty(await flip(ann, setting, false, 'stale'), 419);
    assert.equal(await isOn(ann, setting), true, 'a stale token changes nothing (H07)');
    for (const value of [null, 'true', 1, {}]) assert.equal((await flip(ann, setting, value)).status, 400, JSON.stringify(value));
  }
  await isEmpty(await flip(ann, 'isAdmin', true), 200);
  const token = await bob.token();
  assert.equal((await bob.request(settings(ann), { method: 'POST', body: JSON.stringify({ token, setting: 'userprofilePrivate', value: false }), headers: { 'content-type': 'application/json' } })).status, 404);
  assert.equal(await isOn(ann, 'userprofilePrivate'), true);
  for (const body of ['', 'null', '[]', '{', '"x"', `{"token":"${await ann.token()}"}`]) {
    const { status } = await ann.request(settings(ann), { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-token': await ann.token() } });
    assert.equal(status, 400, body);
  }
});

test('forms: a stale token, an unknown form', async () => {
  const ann = await member('a');
  const stale = await change(ann, 'changeUsername', { token: 'stale', newUsername: newName('n'), password: secret });
  assert.equal(stale.status, 419);
  assert.match(await stale.text(), /<dialog[^>]* id="w-staleToken"[^>]* open>/);
  assert.equal((await ann.get(settings(ann))).status, 200, 'the name is as it was');
  for (const fields of [{}, { submit: 'fly' }, { submit: 'changeUsername' }, { submit: 'changePassword', old_password: secret }, { submit: 'deleteAccount' }]) {
    assert.equal((await ann.post(settings(ann), fields)).status, 400, JSON.stringify(fields));
  }
  assert.equal((await (await member('b')).post(settings(ann), { submit: 'deleteAccount', password: secret })).status, 404);
  assert.equal((await visitor.post(settings(ann), { submit: 'deleteAccount', password: secret })).status, 404);
});

test('changeUsername: projects, links and friends follow', async (t) => {
  const [ann, bob] = await Promise.all(['a', 'b'].map(member));
  await befriend(ann, bob);
  const board = await ann.makeBoard({ admins: [bob] });
  const { userId } = await ann.pageData(settings(ann));
  const old = ann.name;
  for (const [name, status] of [['ab', 400], [`${'x'.repeat(17)}`, 400], ['login', 400], ['Login', 400], [bob.name, 400], [bob.name.toUpperCase(), 400], ['a b', 400], ['abc\n', 400], ['"><script>', 400]]) {
    const answer = await change(ann, 'changeUsername', { newUsername: name, password: secret });
    assert.equal(answer.status, status, name);
    assert.doesNotMatch(await isAgain(answer, 'changeUsername', 'newUsername'), /<script>alert|value=""><script>/);
  }
  await isAgain(await change(ann, 'changeUsername', { newUsername: newName('n'), password: 'wrong' }), 'changeUsername', 'password');
  const tab = await Tab.open(t, bob, { generation: 2, namespace: '/' });
  const name = newName('Q');
  assert.deepEqual(location(await change(ann, 'changeUsername', { newUsername: name, password: secret })), [302, `/${name}/settings`]);
  ann.name = name;
  const attributes = await hears(tab, 'update_project_attributes');
  assert.deepEqual([attributes[0].projectId, attributes[0].ownerName], [board.id, name]);
  assert.deepEqual(await hears(tab, 'update_friend_name'), [{ id: userId, name }]);
  assert.equal((await ann.get(`/${old}/projects`)).status, 404);
  const path = board.path.replace(old, name);
  assert.equal((await bob.snapshot(path)).project.ownerName, name);
  assert.match(await (await visitor.get(`/${name}/projects`)).text(), /\/static\/default_avatar\/q[1-4]x\.png/);
  // A change of case alone.
  const lower = name.toLowerCase();
  assert.deepEqual(location(await change(ann, 'changeUsername', { newUsername: lower, password: secret })), [302, `/${lower}/settings`]);
});

test('changeEmail: eight characters, the old address stays until then', async () => {
  const ann = await member('a');
  const other = newName('o');
  for (const newEmail of ['nonsense', 'ana@example.org', 'ANA@example.org', `${'a'.repeat(40)}@b.cd`, `${ann.name}@example.org`, '<script>@x.y']) {
    assert.doesNotMatch(await isAgain(await change(ann, 'changeEmail', { newEmail, password: secret }), 'changeEmail', 'newEmail'), /value="<script>/);
  }
  await isAgain(await change(ann, 'changeEmail', { newEmail: `${other}@example.org`, password: 'wrong' }), 'changeEmail', 'password');
  const answer = await change(ann, 'changeEmail', { newEmail: `${other}@example.org`, password: secret });
  const [status, to] = location(answer);
  assert.equal(status, 302);
  assert.match(to, new RegExp(`^/verify-email/[0-9a-f]{32}\\?continue=%2F${ann.name}%2Fsettings$`));
  assert.equal((await visitor.post('/login', { username: `${ann.name}@example.org`, password: secret })).status, 302, 'the old address counts');
  const code = await codeFor(other);
  assert.equal(code.length, 8);
  assert.equal((await ann.post(to, { code: 'wrong...' })).status, 200);
  assert.deepEqual(location(await ann.post(to, { code })), [302, settings(ann)]);
  assert.match(await (await ann.get(settings(ann))).text(), new RegExp(`${other}@example\\.org`));
  assert.equal((await visitor.post('/login', { username: `${other}@example.org`, password: secret })).status, 302);
});

test('changePassword: both checks have to pass; all other logins and their sockets end', async (t) => {
  const ann = await member('a');
  const elsewhere = new Person({ name: ann.name });
  const logIn = async (password) => visitor.post('/login', { username: ann.name, password });
  elsewhere.cookie = cookiesOf(await logIn(secret));
  const bad = [['wrong horse', 'another horse', ['old_password']], ['wrong horse', 'short', ['old_password', 'newPassword']], ['wrong horse', 'x'.repeat(65), ['old_password', 'newPassword']], [secret, 'short', ['newPassword']], [secret, 'nul\0nul nul', ['newPassword']]];
  for (const [old_password, newPassword, fields] of bad) {
    const html = await isAgain(await change(ann, 'changePassword', { old_password, newPassword }), 'changePassword', ...fields);
    assert.doesNotMatch(html, /value="(wrong|another|x{65})/, 'no password comes back');
    assert.equal((await logIn(secret)).status, 302, 'unchanged (H03)');
  }
  const tabs = await Promise.all([elsewhere, ann].map((who) => Tab.open(t, who, { generation: 4, namespace: '/', reconnection: false })));
  const gone = tabs[0].gone();
  assert.deepEqual(location(await change(ann, 'changePassword', { old_password: secret, newPassword: 'another horse' })), [302, settings(ann)]);
  await gone;
  await tabs[1].settle(); // one's own stays (D46)
  assert.equal((await logIn(secret)).status, 200);
  assert.equal((await logIn('another horse')).status, 302);
  assert.equal((await ann.get(settings(ann))).status, 200);
  assert.equal((await elsewhere.get(settings(ann))).status, 404);
});
test('deleteAccount: everything of one person goes, nothing of others', async (t) => {
  const [ann, bob, eve] = await Promise.all(['a', 'b', 'e'].map(member));
  await befriend(ann, bob);
  const [kept, lost] = [await ann.makeBoard({ admins: [bob] }), await ann.makeBoard({ admins: [bob], isPublic: true })];
  const joined = await bob.makeBoard({ admins: [ann, eve] });
  const { userId } = await ann.pageData(settings(ann));
  await isEmpty(await edit(ann, { picture: png(60, 60) }), 200);
  const picture = /class="profilePic" src="([^"]+)"/.exec(await (await visitor.get(`/${ann.name}/projects`)).text())[1];
  const fields = { confirmName: ann.name, [`heir-${kept.id}`]: bob.name, [`heir-${lost.id}`]: '-', password: secret };
  await isAgain(await change(ann, 'deleteAccount', { ...fields, password: 'wrong' }), 'deleteAccount', 'password');
  await isAgain(await change(ann, 'deleteAccount', { ...fields, confirmName: bob.name }), 'deleteAccount', 'confirmName');
  for (const wrong of [{ [`heir-${kept.id}`]: '' }, { [`heir-${kept.id}`]: eve.name }, { [`heir-${joined.id}`]: eve.name }, { 'heir-999999999': bob.name }]) {
    await isAgain(await change(ann, 'deleteAccount', { ...fields, ...wrong }), 'deleteAccount');
  }
  assert.equal((await change(ann, 'deleteAccount', { ...fields, 'heir-x': bob.name })).status, 400);
  const tab = await Tab.open(t, bob, { generation: 2, namespace: '/' });
  const answer = await change(ann, 'deleteAccount', fields);
  assert.deepEqual(location(answer), [302, '/']);
  assert.deepEqual(await hears(tab, 'friend_removed'), [{ id: userId }]);
  for (const path of [`/${ann.name}`, `/${ann.name}/projects`, lost.path]) assert.equal((await visitor.get(path)).status, 404, path);
  await untilEqual('the picture is gone', async () => (await visitor.get(picture)).status, 404); // deleted by a worker after the commit
  assert.equal((await ann.get('/new')).status, 302, 'signed out');
  assert.equal((await visitor.post('/login', { username: ann.name, password: secret })).status, 200);
  const { project } = await bob.snapshot(kept.path.replace(ann.name, bob.name));
  assert.deepEqual([project.ownerName, Object.keys(project.members).includes(String(userId))], [bob.name, false]);
  assert.deepEqual(Object.keys((await eve.snapshot(joined.path)).project.members).length, 2);
  // The name is free again.
  const again = await visitor.post('/signup', { username: ann.name, useremail: `${newName('n')}@example.org`, password: secret, password_confirm: secret });
  assert.equal(again.status, 302);
});

test('deleteAccount in the contract\'s own shape, and the sockets end', async (t) => {
  const ann = await member('a');
  await ann.makeBoard();
  const gone = (await Tab.open(t, ann, { generation: 2, namespace: '/', reconnection: false })).gone();
  await isAgain(await change(ann, 'deleteAccount', { password: 'wrong' }), 'deleteAccount', 'password');
  assert.deepEqual(location(await change(ann, 'deleteAccount', { password: secret })), [302, '/']);
  await gone;
  assert.equal((await visitor.get(`/${ann.name}`)).status, 404);
});

test('export: an archive for oneself only', async () => {
  const [ann, bob] = await Promise.all(['a', 'b'].map(member));
  const path = `/${ann.name}/settings/export`;
  const answer = await ann.post(path);
  assert.deepEqual([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')], [200, 'application/zip', 'no-store']);
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.ok(bytes.includes('account.json') && bytes.subarray(0, 2).equals(Buffer.from('PK')));
  assert.equal((await bob.post(path)).status, 404);
  assert.equal((await visitor.post(path)).status, 404);
  assert.equal((await ann.post(path, { token: 'stale' })).status, 419);
  assert.equal((await fetch(base + path)).status, 405);
});
