/** http.md sections 2 to 7.7 and 9: what concerns proving who one is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeFor, cookiesOf, logIn, mailsTo, mailTo, newName, Person, signUp } from './lib/people.mjs';

const visitor = new Person();
const location = (answer) => [answer.status, answer.headers.get('location')];
const password = 'correct horse';
const another = 'battery staple';

async function member(name = newName()) {
  const { person, verifyPath } = await signUp(name);
  assert.equal((await person.post(verifyPath, { code: await codeFor(name) })).status, 302);
  return person;
}

/** Asks for a new password; returns the page's path and the code of the mail. */
async function forgot(name, query = '') {
  const answer = await visitor.post(`/forgot-password${query}`, { name });
  assert.equal(answer.status, 302);
  const path = answer.headers.get('location');
  const caseId = /^\/reset-password\/([0-9a-f]{32})/.exec(path)[1];
  const [, link, code] = await mailTo(name, new RegExp(`(/reset-password/${caseId}\\?(?:[^"\\s<]*(?:&amp;|&))?code=([\\w-]{8}))`));
  return { path, caseId, code, link };
}

test('/signup/name says whether a name is free', async () => {
  const free = newName();
  for (const [name, expected] of [[free, true], ['ana', false], ['ANA', false], ['login', false], ['Healthz', false], ['ab', false], ['a b', false], ['an_', true], ['', false], ['%', false]]) {
    const answer = await visitor.get(`/signup/name?name=${encodeURIComponent(name)}`, { accept: 'application/json' });
    assert.equal(answer.status, 200, name);
    const { free: isFree, message } = await answer.json();
    assert.equal(isFree, expected, name);
    assert.ok(message.length > 5, name);
  }
  assert.match((await (await visitor.get('/signup/name?name=ana', { cookie: 'lang=de' })).json()).message, /vergeben/);
});

test('/verify-email: the code of a mail, once more, and another address', async () => {
  const name = newName();
  const { person, verifyPath } = await signUp(name);
  const right = name.replace('z', 'y');
  for (const useremail of ['', 'nonsense', 'ana@example.org', `${'x'.repeat(30)}@b.cd`]) {
    assert.equal((await person.post(`${verifyPath}/address`, { useremail })).status, 200, useremail);
  }
  assert.equal((await visitor.post(`${verifyPath}/address`, { useremail: `${right}@example.org` })).status, 403, 'only where one has signed up');
  assert.equal((await person.post(`${verifyPath}/address`)).status, 400);
  const answer = await person.post(`${verifyPath}/address?continue=%2Fguide`, { useremail: `${right}@example.org` });
  assert.match(answer.headers.get('location'), /^\/verify-email\/[0-9a-f]{32}\?continue=%2Fguide$/);
  assert.equal((await person.get(verifyPath)).status, 404, 'what was mailed to the wrong address leads nowhere');
  const next = answer.headers.get('location');
  assert.deepEqual(location(await person.post(next.replace('?', '/resend?'))), [302, next]);
  assert.deepEqual(location(await person.post(next, { code: await codeFor(right) })), [302, '/guide']);
});

test('/forgot-password has the same answer for all names', async () => {
  const ana = await member();
  const { person: unverified } = await signUp(newName());
  assert.equal((await visitor.get('/forgot-password?continue=%2Fguide')).status, 200);
  assert.equal((await visitor.post('/forgot-password')).status, 400);
  const pages = [];
  for (const name of [ana.name, `${ana.name}@example.org`, 'nobody-here', unverified.name, `${unverified.name}@example.org`, 'x'.repeat(300), '%', '\0']) {
    const answer = await visitor.post('/forgot-password?continue=%2Fguide', { name });
    assert.equal(answer.status, 302, name);
    const path = answer.headers.get('location');
    assert.match(path, /^\/reset-password\/[0-9a-f]{32}\?continue=%2Fguide$/, name);
    const page = await visitor.get(path);
    assert.equal(page.status, 200, name);
    pages.push((await page.text()).replaceAll(/[0-9a-f]{32}/g, ''));
    const wrong = await visitor.post(path, { code: 'AAAAAAAA', password: another, password_confirm: another });
    assert.equal(wrong.status, 200, name);
    assert.match(await wrong.text(), /id="f-code"[^>]*aria-invalid="true"/, name);
  }
  assert.equal(new Set(pages).size, 1, 'the pages differ in nothing but the case');
  assert.equal((await mailsTo(unverified.name)).length, 1, 'only the mail of the sign-up');
});

test('/reset-password: a new password with the code of the mail', async () => {
  const ana = await member();
  const { path, code, link, caseId } = await forgot(ana.name, '?continue=%2Fguide');
  assert.match(link.replaceAll('&amp;', '&'), new RegExp(`^/reset-password/${caseId}\\?continue=%2Fguide&code=${code}$`), 'the mailed link keeps continue');
  assert.match(await (await visitor.get(`${path}&code=${code}`)).text(), new RegExp(`name="code"[^>]* value="${code}"`));
  assert.doesNotMatch(await (await visitor.get(`${path}&code=${encodeURIComponent('"><script>alert(1)</script>')}`)).text(), /<script>alert/);
  for (const unknown of ['0'.repeat(32), 'x', caseId.toUpperCase(), `${caseId}0`]) {
    if (unknown === caseId) continue;
    assert.equal((await visitor.get(`/reset-password/${unknown}`)).status, 404, unknown);
    assert.equal((await visitor.post(`/reset-password/${unknown}`, { code, password: another })).status, 404, unknown);
  }
  for (const fields of [{}, { code }, { password: another }]) assert.equal((await visitor.post(path, fields)).status, 400, JSON.stringify(fields));
  for (const fields of [{ code: 'wrong123' }, { code: '' }, { code: `${code}x` }, { password: 'short' }, { password: 'x'.repeat(65) }, { password: 'with\0null' }]) {
    const answer = await visitor.post(path, { code, password: another, ...fields });
    assert.equal(answer.status, 200, JSON.stringify(fields));
    assert.doesNotMatch(await answer.text(), /value="battery staple"/);
  }
  assert.equal((await ana.get('/new')).status, 200, 'nothing has happened yet');
  const done = await visitor.post(path, { code, password: another, password_confirm: another });
  assert.deepEqual(location(done), [302, '/guide']);
  assert.doesNotMatch(done.headers.getSetCookie().join('\n'), /Max-Age=[1-9]/, 'not remembered');
  assert.equal((await visitor.get('/new', { cookie: cookiesOf(done) })).status, 200, 'logged in');
  assert.deepEqual(location(await ana.get('/new')), [302, '/'], 'the old login has ended');
  assert.equal((await visitor.post(path, { code, password })).status, 200, 'a code works once');
  assert.equal((await visitor.post('/login', { username: ana.name, password })).status, 200);
  assert.equal((await visitor.post('/login', { username: ana.name, password: another })).status, 302);
  await mailTo(ana.name, /was changed/);
});

test('/user/settings/security is one\'s own', async () => {
  const [ana, ben] = [await member(), await logIn('ben')];
  const path = `/${ana.name}/settings/security`;
  for (const tail of ['', '/second-factor']) {
    assert.equal((await ana.get(path + tail)).status, 200, tail);
    assert.equal((await ben.get(path + tail)).status, 404, tail);
    assert.equal((await visitor.get(path + tail)).status, 404, tail);
    assert.deepEqual(location(await ana.get(path.replace(ana.name, ana.name.toUpperCase()) + tail)), [302, path + tail]);
  }
  for (const action of ['second-factor', 'second-factor/confirm', 'second-factor/off', 'recovery-codes', 'logins/end', 'logins/end-others', 'logins/end-all']) {
    assert.equal((await ben.post(`${path}/${action}`, { password, id: 'x' })).status, 404, action);
    assert.equal((await ana.post(`${path}/${action}`, { password, token: 'stale' })).status, 419, action);
    assert.ok([302, 404].includes((await visitor.post(`${path}/${action}`, { password })).status), action);
  }
  for (const action of ['second-factor', 'second-factor/confirm', 'second-factor/off', 'recovery-codes', 'logins/end']) {
    assert.equal((await ana.post(`${path}/${action}`)).status, 400, action);
  }
  const second = await visitor.post('/login', { username: ana.name, password });
  const elsewhere = new Person({ cookie: cookiesOf(second) });
  assert.equal((await elsewhere.get('/new')).status, 200);
  const html = await (await ana.get(path)).text();
  assert.equal(html.match(/class="loginItem/g).length, 2);
  const id = /name="id" value="([\w-]+)"/.exec(html)[1];
  assert.deepEqual(location(await ben.post('/ben/settings/security/logins/end', { id })), [302, '/ben/settings/security']);
  assert.equal((await elsewhere.get('/new')).status, 200, 'ben ends only his own');
  assert.deepEqual(location(await ana.post(`${path}/logins/end`, { id })), [302, path]);
  assert.equal((await elsewhere.get('/new')).status, 302, 'ended');
  assert.equal((await ana.get('/new')).status, 200);
  assert.deepEqual(location(await ana.post(`${path}/logins/end-all`)), [302, '/']);
  assert.equal((await ana.get('/new')).status, 302);
});
