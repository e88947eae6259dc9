/** The rows of http.md that exist so far. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { base, codeFor, cookiesOf, everybody, logIn, newName, Person, signUp } from './lib/people.mjs';
import { Room } from './lib/room.mjs';
import { Tab } from './lib/tab.mjs';

const visitor = new Person();
const lang = (html) => /<html[^>]* lang="(\w+)"/.exec(html)?.[1];
const location = (answer) => [answer.status, answer.headers.get('location')];

/** Says so of an answer: status, HTML in the right language, no trace of internals. */
async function isErrorPage(answer, status, language = 'en') {
  assert.equal(answer.status, status);
  assert.match(answer.headers.get('content-type'), /^text\/html; charset=utf-8$/i);
  const html = await answer.text();
  assert.equal(lang(html), language);
  assert.ok(html.includes(String(status)), `the page of ${status} says its number`);
  assert.match(html, /href="\/"/, 'a way home');
  assert.doesNotMatch(html, /goroutine|\.go:\d|runtime error/);
}

test('/login: form, success, failure', async () => {
  const form = await visitor.get('/login?continue=%2Fana%2Fx');
  assert.equal(form.status, 200);
  assert.match(await form.text(), /action="\/login\?continue=%2Fana%2Fx"/i);
  const wrong = [['ana', 'wrong password'], ['nobody-here', 'taskstack-demo'], ['ana', ''], ['', ''], ['ana', `taskstack-demo${'x'.repeat(80)}`], ["ana' or '1'='1", 'x'], ['ana\0', 'taskstack-demo']];
  for (const [username, password] of wrong) {
    const answer = await visitor.post('/login', { username, password });
    assert.equal(answer.status, 200, username);
    assert.doesNotMatch(cookiesOf(answer), /session=[^;]{100,}/, 'no login');
  }
  const xss = await visitor.post('/login', { username: '"><script>alert(1)</script>', password: 'x' });
  assert.doesNotMatch(await xss.text(), /<script>alert/);
  for (const username of ['ana', 'ANA', 'ana@example.org']) {
    assert.deepEqual(location(await visitor.post('/login', { username, password: 'taskstack-demo' })), [302, '/'], username);
  }
  const ana = await logIn('ana');
  assert.deepEqual(location(await ana.get('/login?continue=%2Fnew')), [302, '/']);
});

test('cookies: a browser session, or 365 days when asked for', async () => {
  const { person: { name } } = await signUp(newName());
  const login = async (fields) => (await visitor.post('/login', { username: name, password: 'correct horse', ...fields })).headers.getSetCookie().join('\n');
  const short = await login({});
  assert.match(short, /HttpOnly/i);
  assert.match(short, /SameSite=Lax/i);
  assert.match(short, /Path=\//);
  assert.doesNotMatch(short, /Max-Age=[1-9]/);
  assert.match(await login({ keepUserLoggedIn: 'on' }), /Max-Age=31536000/);
  assert.match(await login({}), /Max-Age=31536000/, 'the flag is kept');
});

test('continue leads to this site only', async () => {
  const credentials = { username: 'ana', password: 'taskstack-demo' };
  const to = async (target) => location(await visitor.post(`/login?continue=${encodeURIComponent(target)}`, credentials));
  for (const good of ['/new', '/ana/website-relaunch', '/a?b=c&d=%2F#x']) assert.deepEqual(await to(good), [302, good]);
  const bad = ['https://evil.example', '//evil.example', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', 'evil', '/\t/evil.example', '/\n/evil.example', '', 'http:/evil', '///evil.example'];
  for (const target of bad) assert.deepEqual(await to(target), [302, '/'], target);
});

test('/logout ends the session, also for copies of the cookie', async () => {
  const ana = await logIn('ana');
  assert.equal((await ana.get('/new')).status, 200);
  assert.deepEqual(location(await ana.post('/logout')), [302, '/']);
  assert.deepEqual(location(await ana.get('/new')), [302, '/']);
  assert.deepEqual(location(await visitor.post('/logout')), [302, '/']);
});

test('/signup and /verify-email: from the form to a verified account', async () => {
  assert.equal((await visitor.get('/signup')).status, 200);
  const good = { username: newName(), useremail: `${newName()}@example.org`, password: 'correct horse', password_confirm: 'correct horse' };
  const bad = [
    { username: 'ana' }, { username: 'ANA' }, { username: 'login' }, { username: 'Signup' }, { username: 'ab' }, { username: 'a'.repeat(17) }, { username: '1abc' },
    { username: 'a b c' }, { username: 'abc\n' }, { username: 'äbc' }, { useremail: 'ana@example.org' }, { useremail: 'nonsense' }, { useremail: `${'a'.repeat(30)}@b.cd` },
    { password: 'short' }, { password: 'x'.repeat(65) }, { password: 'with\0null' },
  ];
  for (const fields of bad) {
    const answer = await visitor.post('/signup', { ...good, ...fields });
    assert.equal(answer.status, 200, JSON.stringify(fields));
    assert.doesNotMatch(await answer.text(), /value="correct horse"/);
  }
  const name = newName();
  const { person, verifyPath } = await signUp(name, '/signup?continue=%2Fana%2Fwebsite-relaunch');
  assert.match(verifyPath, /^\/verify-email\/[0-9a-f]{32}\?continue=%2Fana%2Fwebsite-relaunch$/);
  assert.deepEqual(location(await person.get('/new')), [302, '/'], 'counts as a visitor until then');
  assert.equal((await person.get(`/verify-email/${'0'.repeat(32)}`)).status, 404);
  assert.match(await (await person.get(`${verifyPath}&code=abcdefgh`)).text(), /value="abcdefgh"/);
  assert.equal((await person.post(verifyPath, { code: 'wrong123' })).status, 200);
  // A second login by name lands on the verification again.
  const again = await visitor.post('/login', { username: name, password: 'correct horse' });
  assert.match(again.headers.get('location'), /^\/verify-email\//);
  const code = await codeFor(name);
  assert.ok(code, 'the mail is there');
  // In another browser too; it does not log in there.
  const elsewhere = await visitor.post(verifyPath, { code });
  assert.deepEqual(location(elsewhere), [302, '/ana/website-relaunch']);
  assert.equal((await visitor.get('/new', { cookie: cookiesOf(elsewhere) })).status, 302);
  assert.equal((await person.get('/new')).status, 200);
  assert.equal((await visitor.get(verifyPath)).status, 404, 'the case is closed');
});

test('/new: limits, taken names, success', async () => {
  assert.deepEqual(location(await visitor.get('/new')), [302, '/']);
  assert.deepEqual(location(await visitor.post('/new', { name: 'abc', desc: '' })), [302, '/']);
  const ana = await logIn('ana');
  for (const fields of [{ name: 'ab' }, { name: 'a b' }, { name: 'x'.repeat(33) }, { name: 'history' }, { name: 'Settings' }, { name: 'abc\n' }, { name: 'abc', desc: 'x'.repeat(129) }, { desc: 'no name' }]) {
    assert.equal((await ana.post('/new', { desc: '', ...fields })).status, 400, JSON.stringify(fields));
  }
  for (const name of ['website-relaunch', 'Website-Relaunch']) assert.equal((await ana.post('/new', { name, desc: '' })).status, 200, name);
  const name = newName('P');
  const answer = await ana.post('/new', { name, desc: '<b>&</script>\u2028', project_private: 'on' });
  assert.deepEqual(location(answer), [302, `/ana/${name}`]);
  const data = await ana.pageData(`/ana/${name}`);
  assert.deepEqual([data.project.visibility, data.project.projectDesc, data.currentUserRole, data.currentUserIsAuthenticated], ['private', '<b>&</script>\n', 'owner', true]);
  assert.deepEqual([data.project.lists, typeof data.project.id, Array.isArray(data.invalidNames)], [{}, 'number', true]);
  for (const link of [data.inviteLink, data.inviteAsAdminLink]) assert.match(link, new RegExp(`^${base}/invite/[\\w-]{22}$`));
});

test('/invite: everyone sees what it is for, who is not signed in logs in to join, a wrong code is unknown', async () => {
  const { ana, ben, hanna, dmitri } = await everybody();
  const board = await ana.makeBoard();
  const [link, adminLink] = [board.data.inviteLink, board.data.inviteAsAdminLink].map((url) => new URL(url).pathname);
  const shown = await visitor.get(link);
  const page = await shown.text();
  assert.equal(shown.status, 200);
  for (const part of ['ana', board.path.split('/')[2], ...['signup', 'login'].map((form) => `/${form}?continue=${link.replaceAll('/', '%2f')}`)]) assert.ok(page.includes(part), part);
  assert.deepEqual(location(await visitor.post(link)), [302, `/login?continue=${encodeURIComponent(link)}`]);
  for (const answer of [await dmitri.get(`/invite/${'x'.repeat(22)}`), await dmitri.post(`/invite/${'x'.repeat(22)}`)]) {
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /no longer works/);
  }
  assert.equal((await hanna.get(link)).status, 200);
  assert.equal((await hanna.get(board.path)).status, 404, 'looking at the question is not joining');
  for (const [person, path, role, says] of [[hanna, link, 'access-only', 'You can view'], [ben, adminLink, 'admin', 'You can edit']]) {
    const answer = await person.post(path);
    assert.deepEqual(location(answer), [302, board.path]);
    person.cookie = cookiesOf(answer); // it carries the message for the next page
    const page = await person.get(board.path);
    assert.ok((await page.text()).includes(says), 'the message names the role');
    person.cookie = cookiesOf(page);
    assert.equal((await person.snapshot(board.path)).role, role);
    assert.deepEqual(location(await person.get(path)), [302, board.path]);
    const data = await person.pageData(board.path);
    for (const key of ['inviteLink', 'inviteAsAdminLink', 'invalidNames']) assert.ok(!(key in data), `${key} is the owner's`);
  }
  assert.deepEqual(location(await ben.post(link)), [302, board.path]);
  assert.equal((await ben.snapshot(board.path)).role, 'admin', 'a second link takes nothing away');
});

test('a board is visible as its setting and one\'s role say', async () => {
  const { ana, ben, hanna, dmitri } = await everybody();
  for (const isPublic of [true, false]) {
    const board = await ana.makeBoard({ admins: [ben], readers: [hanna], isPublic });
    const roles = [[ana, 'owner'], [ben, 'admin'], [hanna, 'access-only'], [dmitri, 'no-role'], [visitor, 'no-role']];
    for (const [person, role] of roles) {
      const visible = isPublic || role !== 'no-role';
      for (const accept of ['text/html', 'application/json']) {
        const answer = await person.get(board.path, { accept });
        assert.equal(answer.status, visible ? 200 : 404, `${person.name} ${accept}`);
        assert.equal(answer.headers.get('cache-control'), 'no-store', `${person.name} ${accept}`);
      }
      if (visible) assert.equal((await person.snapshot(board.path)).role, role);
      assert.equal((await person.get(`${board.path}/history`)).status, role === 'no-role' ? 404 : 200, `history for ${role}`);
    }
    assert.equal((await ana.get('/')).status, 200);
    assert.ok((await (await hanna.get('/')).text()).includes(board.path), 'home lists it for its members');
    assert.ok(!(await (await dmitri.get('/')).text()).includes(board.path), 'and for nobody else');
  }
});

test('a path in other letters leads to the stored spelling', async () => {
  const ana = await logIn('ana');
  const board = await ana.makeBoard({ isPublic: true });
  for (const path of [board.path.toUpperCase(), board.path.replace('/ana/', '/Ana/')]) {
    assert.deepEqual(location(await ana.get(`${path}?card=5&x=%2F`)), [302, `${board.path}?card=5&x=%2F`]);
    assert.deepEqual(location(await visitor.get(path)), [302, board.path]);
  }
});

test('history has the contract\'s shape', async (t) => {
  const room = await Room.open(t);
  const one = (await room.addList(room.owner, 'one', { listDesc: 'd1', attachedFiles: { 'a.txt': Buffer.from('a') } })).answer.id;
  const two = (await room.addList(room.owner, 'two')).answer.id;
  const members = Object.values((await room.ana.snapshot(room.board.path)).project.members);
  const ben = members.find(({ name }) => name === 'ben').id;
  const card = (await room.addCard(room.owner, one, 'card', 0, { cardDesc: 'cd', members: [ben], attachedFiles: { 'b.txt': Buffer.from('b'), 'c.txt': Buffer.from('c') } })).answer.id;
  const ask = (event, payload) => room.owner.ask(event, { projectId: room.board.id, ...payload });
  await ask('move_card', { id: card, listId: two, pos: 0 });
  await ask('move_card', { id: card, listId: two, pos: 5 }); // within a list: no history
  await ask('delete_card', { id: card, listId: two });
  await ask('delete_list', { id: one });
  const all = await (await room.hanna.get(`${room.board.path}/history`)).json();
  for (const entry of all) {
    assert.match(entry.datetime, /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    assert.ok(Math.abs(Date.parse(entry.datetime) - Date.now()) < 120_000);
    delete entry.datetime;
    if (entry.attachedFilesNames) entry.attachedFilesNames = entry.attachedFilesNames.split(', ').sort().join(', ');
    assert.equal(entry.userName, 'ana');
    for (const added of ['deletedCardsNames', 'userId', 'userName', 'cursor']) delete entry[added]; // more than the contract asks for
  }
  const cardRow = { id: card, name: 'card', cardDesc: 'cd', attachedFilesNames: 'b.txt, c.txt', membersNames: 'ben' };
  const expected = [
    { type: 'historyListCreated_event', id: one, name: 'one', listDesc: 'd1', attachedFilesNames: 'a.txt' },
    { type: 'historyListCreated_event', id: two, name: 'two', listDesc: '', attachedFilesNames: '' },
    { type: 'historyCardCreated_event', ...cardRow, listName: 'one' },
    { type: 'historyCardChangedList_event', id: card, name: 'card', oldListName: 'one', newListName: 'two' },
    { type: 'historyCardDeleted_event', ...cardRow, listName: 'two' },
    { type: 'historyListDeleted_event', id: one, name: 'one', listDesc: 'd1', attachedFilesNames: 'a.txt' },
  ];
  const byType = (rows) => rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();
  assert.deepEqual(byType(all), byType(expected));
});

test('GET routes answer HEAD alike, without a body', async () => {
  const ana = await logIn('ana');
  for (const path of ['/', '/login', '/signup', '/new', '/ana/website-relaunch', '/ana/website-relaunch/history', '/healthz', '/no/such/page']) {
    const [get, head] = [await ana.get(path), await ana.request(path, { method: 'HEAD' })];
    assert.equal(head.status, get.status, path);
    assert.equal(await head.text(), '');
  }
});

test('GET routes answer OPTIONS, and unknown paths do not', async () => {
  const ana = await logIn('ana');
  for (const [path, allowed] of [['/', ['GET', 'HEAD', 'OPTIONS']], ['/login', ['GET', 'HEAD', 'POST', 'OPTIONS']], ['/ana/website-relaunch', ['GET', 'HEAD', 'OPTIONS']]]) {
    const answer = await ana.request(path, { method: 'OPTIONS' });
    assert.equal(answer.status, 200, path);
    assert.equal(await answer.text(), '');
    assert.deepEqual(new Set(answer.headers.get('allow').split(', ')), new Set(allowed), path);
  }
  assert.equal((await ana.request('/a/b/c/d', { method: 'OPTIONS' })).status, 404);
});

test('wrong methods, slashes and unknown paths', async () => {
  const ana = await logIn('ana');
  const board = await ana.makeBoard();
  for (const path of ['/logout', '/no-such-user', '/ana/no-such-board', '/LOGIN', '/Healthz', '/a/b/c/d', '/%00', '/..%2f..%2fetc%2fpasswd', '/static/no.css', '/files/x/y']) {
    assert.equal((await ana.get(path)).status, 404, path);
  }
  for (const path of ['/login', '/new', board.path]) {
    const answer = await ana.get(`${path}/?a=%2F`);
    assert.equal(answer.status, 308, path);
    assert.equal(answer.headers.get('location'), `${path}?a=%2F`);
  }
  for (const path of ['/chat', '/no-such-user']) {
    for (const token of [await ana.token(), 'stale']) assert.equal((await ana.post(path, { token })).status, 404, `POST ${path}`);
  }
  for (const path of [board.path, `${board.path}/history`]) await isErrorPage(await ana.post(path), 405);
  for (const method of ['PUT', 'DELETE', 'PATCH']) assert.ok([404, 405].includes((await ana.request('/login', { method })).status), method);
});

test('error pages in both languages', async () => {
  const ana = await logIn('ana');
  const german = { 'accept-language': 'de-DE,de;q=0.9,en;q=0.5' };
  const urlEncoded = { 'content-type': 'application/x-www-form-urlencoded' };
  for (const [language, headers] of [['en', { 'accept-language': 'en' }], ['de', german]]) {
    await isErrorPage(await ana.get('/no/such/page', headers), 404, language);
    await isErrorPage(await ana.post('/login', {}, headers), 400, language);
    await isErrorPage(await ana.post('/login', {}, { ...headers, origin: 'https://evil.example' }), 403, language);
    await isErrorPage(await ana.request('/login', { method: 'POST', body: `username=${'x'.repeat(2 << 20)}`, headers: { ...headers, ...urlEncoded } }), 413, language);
    await isErrorPage(await ana.post('/ana/website-relaunch', {}, headers), 405, language);
  }
  // The cookie wins over the browser; a wildcard does not ask for German.
  for (const [language, headers] of [['en', { ...german, cookie: 'lang=en' }], ['de', { cookie: 'lang=de' }], ['en', { 'accept-language': '*' }], ['en', { 'accept-language': 'fr, de;q=0' }]]) {
    assert.equal(lang(await (await visitor.get('/login', headers)).text()), language, JSON.stringify(headers));
  }
});

test('forms of other sites are refused with nothing done', async () => {
  const ana = await logIn('ana');
  const name = newName();
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'null' }]) {
    assert.equal((await ana.post('/new', { name, desc: '' }, headers)).status, 403, JSON.stringify(headers));
    assert.equal((await ana.post('/logout', {}, headers)).status, 403);
  }
  assert.equal((await ana.get(`/ana/${name}`)).status, 404);
  assert.equal((await ana.get('/new')).status, 200, 'still signed in');
  assert.equal((await ana.post('/new', { name, desc: '' }, { origin: base, 'sec-fetch-site': 'same-origin' })).status, 302);
});

test('a form without the login\'s token is refused with 419 and nothing done', async () => {
  const [ana, ben] = [await logIn('ana'), await logIn('ben')];
  const board = await ana.makeBoard();
  const other = { ana: await (await logIn('ana')).token(), ben: await ben.token() };
  const name = newName();
  for (const token of ['', 'x', other.ana, other.ben, `${await ana.token()}x`]) {
    await isErrorPage(await ana.post('/new', { token, name, desc: '' }), 419);
    await isErrorPage(await ana.post('/logout', { token }), 419);
    await isErrorPage(await ben.post(new URL(board.data.inviteLink).pathname, { token: token === other.ben ? '' : token }), 419);
  }
  assert.equal((await ana.get(`/ana/${name}`)).status, 404);
  assert.equal((await ana.get('/new')).status, 200, 'still signed in');
  assert.equal((await ben.get(board.path)).status, 404, 'did not join');
  for (const path of ['/logout', '/ana/settings']) { // the first takes forms only: a token in JSON is as good as none
    const answer = await ana.request(path, { method: 'POST', body: '{"token":5}', headers: { 'content-type': 'application/json' } });
    assert.equal(answer.status, 419, path);
  }
  assert.equal((await visitor.post('/logout')).status, 302, 'nobody has nothing to protect');
});

test('/healthz and /readyz', async () => {
  assert.equal((await visitor.get('/healthz')).status, 200);
  const ready = await visitor.get('/readyz');
  assert.equal(ready.status, 200);
  assert.deepEqual(new Set(Object.values((await ready.json()).checks)), new Set(['ok']));
});

test('what is no HTTP is refused, and the server goes on', async (t) => {
  const { hostname, port } = new URL(base);
  for (const nonsense of ['\0\0\0\0\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n', `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(2 << 20)}\r\n\r\n`]) {
    const answer = await new Promise((resolve, reject) => {
      let text = '';
      const raw = connect(Number(port), hostname, () => raw.write(nonsense));
      raw.on('data', (chunk) => { text += chunk; });
      raw.on('close', () => resolve(text));
      raw.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(text) : reject(error)));
    });
    assert.match(answer, /^(HTTP\/1\.[01] 4\d\d|$)/);
  }
  const tab = await Tab.open(t, await logIn('ana'));
  await tab.settle();
});
