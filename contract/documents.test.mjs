/** http.md sections 7 (documents), 9 (mails) and 11 (error pages), from outside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, logIn, mailTo, newName, Person } from './lib/people.mjs';

const visitor = new Person();
const first = (html, pattern) => pattern.exec(html)?.[1];

test('documents answer under both names, in the visitor\'s language', async () => {
  const documents = [['privacy', 'datenschutz', 'Privacy', 'Datenschutz'], ['imprint', 'impressum', 'Imprint', 'Impressum'], ['help', 'hilfe', 'Help', 'Hilfe'], ['contact', 'kontakt', 'Contact', 'Kontakt'], ['guide', 'anleitung', 'Guide', 'Anleitung']];
  for (const [english, german, ...titles] of documents) {
    for (const path of [`/${english}`, `/${german}`]) {
      for (const [i, lang] of ['en', 'de'].entries()) {
        const answer = await visitor.get(path, { cookie: `lang=${lang}` });
        const html = await answer.text();
        assert.deepEqual([answer.status, first(html, /<html lang="(\w+)"/), first(html, /<title>([^<]+)</)], [200, lang, `${titles[i]} · Taskstack`], `${path} in ${lang}`);
        assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\/(?!127\.)/, 'nothing comes from elsewhere');
      }
      assert.equal((await visitor.get(`${path}/`)).headers.get('location'), path);
      assert.ok([404, 405].includes((await visitor.post(path)).status));
    }
  }
});

test('every cookie that is set is one the privacy page names', async () => {
  const ana = await logIn('ana', { keepUserLoggedIn: 'on' });
  const privacy = await (await ana.get('/privacy')).text();
  const answers = [await visitor.get('/'), await visitor.post('/login', { username: 'ana', password: 'taskstack-demo' }), await visitor.post('/language', { lang: 'de', continue: '/' })];
  const names = answers.flatMap((answer) => answer.headers.getSetCookie()).map((line) => line.split('=')[0]);
  assert.deepEqual([...new Set(names)].sort(), ['lang', 'session']);
  for (const name of [...names, 'device', 'theme', 'board_head']) assert.ok(privacy.includes(`<code>${name}</code>`), name);
});

test('error pages are one page with the right number', async () => {
  const ana = await logIn('ana');
  const big = `username=${'x'.repeat(2 << 20)}`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const cases = [
    [400, () => visitor.post('/login', {}, { cookie: 'lang=de' })],
    [403, () => visitor.post('/login', {}, { cookie: 'lang=de', origin: 'https://evil.example' })],
    [404, () => visitor.get('/no/such/page', { cookie: 'lang=de' })],
    [405, () => visitor.request('/ana/website-relaunch', { method: 'POST', headers: { ...form, cookie: 'lang=de' }, body: '' })],
    [413, () => visitor.request('/login', { method: 'POST', body: big, headers: { ...form, cookie: 'lang=de' } })],
    [419, () => ana.request('/new', { method: 'POST', body: 'name=abc&token=old', headers: { ...form, cookie: `${ana.cookie}; lang=de` } })],
  ];
  const headings = new Set();
  for (const [status, ask] of cases) {
    const answer = await ask();
    const html = await answer.text();
    const heading = first(html, /<h1>([^<]+)</);
    assert.deepEqual([answer.status, first(html, /<title>([^<]+)</), first(html, /<html lang="(\w+)"/)], [status, `${heading} · Taskstack`, 'de']);
    assert.match(html, /<main[\s\S]*href="\/"[\s\S]*<\/main>/, 'a way home');
    headings.add(heading);
  }
  assert.equal(headings.size, cases.length, 'each has words of its own');
});

/** The latest mail to an address: subject, plain text, HTML. */
async function readMail(name) {
  const [, subject, id, text] = await mailTo(name, /<h2>([^<]+)<\/h2>[\s\S]*\/dev\/outbox\/([\w.-]+)\/html"[\s\S]*<pre[^>]*>([\s\S]*?)<\/pre>/);
  const html = await (await fetch(`${base}/dev/outbox/${id}/html`)).text();
  return { subject: decode(subject), text: decode(text), html };
}

const decode = (html) => html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

test('the mail of a sign-up says the same as text and as HTML, in the language of the request', async () => {
  for (const [lang, subject, why] of [['en', /^\[Taskstack\] .*confirm/i, /You’re getting this e-mail because/], ['de', /^\[Taskstack\] .*bestätige/i, /Du bekommst diese Mail/]]) {
    const name = newName();
    const answer = await visitor.post('/signup?continue=%2Fana%2Fx%3Fa%3Db%26c', { username: name, useremail: `${name}@example.org`, password: 'correct horse' }, { cookie: `lang=${lang}` });
    const path = first(answer.headers.get('location'), /^(\/verify-email\/[0-9a-f]{32})\?/);
    const { subject: found, text, html } = await readMail(name);
    assert.match(found, subject);
    const link = first(text, new RegExp(`(${base}${path}\\?continue=%2Fana%2Fx%3Fa%3Db%26c&code=[\\w-]{8})`));
    assert.ok(link, 'the link has the whole address, with where to go afterwards');
    const targets = [...html.matchAll(/href="([^"]*)"/g)].map(([, target]) => decode(target));
    assert.deepEqual(targets, [link, link], 'button and plain link lead there (H22)');
    for (const form of [text, html]) {
      for (const part of [name, `${name}@example.org`, link.slice(-8)]) assert.ok(form.includes(part), `${part} in ${lang}`);
      assert.match(form, why);
      assert.doesNotMatch(form, /\{\{|\}\}|%\(|no value|undefined|accounts\.|auth\./, 'nothing is left unexpanded (H22)');
    }
    assert.equal(first(html, /<html lang="(\w+)"/), lang);
  }
});

test('a mail escapes what a user chose', async () => {
  const name = newName();
  const address = `o'c&${name}@example.org`;
  assert.equal((await visitor.post('/signup', { username: name, useremail: address, password: 'correct horse' })).status, 302);
  const { text, html } = await readMail(name);
  assert.ok(text.includes(address) && !html.includes(address) && html.includes(`c&amp;${name}@example.org`));
});
