/** People of the demo data, their browsers' cookies and their boards, over plain HTTP. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export const base = process.env.CONTRACT_URL;
export const password = 'taskstack-demo';

/** One signed-in browser. Without a cookie it is a visitor. */
export class Person {
  constructor({ name = '', cookie = '', at = base } = {}) {
    Object.assign(this, { name, cookie, at });
  }

  /** A request that follows no redirect. */
  request(path, { headers, ...rest } = {}) {
    return fetch(this.at + path, { redirect: 'manual', headers: { ...(this.cookie && { cookie: this.cookie }), ...headers }, ...rest });
  }

  get(path, headers) {
    return this.request(path, { headers });
  }

  /** Sends a form as a page of ours would, with the login's token. */
  async post(path, fields = {}, headers) {
    return this.request(path, { method: 'POST', body: new URLSearchParams({ token: await this.token(), ...fields }), headers });
  }

  /** The anti-CSRF token of one's login; empty for a visitor. */
  async token() {
    if (!this.cookie) return '';
    const page = await (await this.get('/privacy')).text();
    return /<meta name="token" content="([\w-]+)">/.exec(page)?.[1] ?? '';
  }

  /** The board as the server has it: {rev, role, project}. */
  async snapshot(path) {
    const answer = await this.get(path, { accept: 'application/json' });
    assert.equal(answer.status, 200, `${this.name || 'a visitor'} reads ${path}`);
    return answer.json();
  }

  async pageData(path) {
    const html = await (await this.get(path)).text();
    return JSON.parse(/<script type="application\/json" id="pageData">(.*?)<\/script>/s.exec(html)[1]);
  }

  /** Makes an empty board of one's own, with other people on it. */
  async makeBoard({ admins = [], readers = [], isPublic = false, chat = false } = {}) {
    const answer = await this.post('/new', { name: `b-${randomBytes(8).toString('hex')}`, desc: '', ...(!isPublic && { project_private: 'on' }), ...(chat && { create_project_chat_group: 'on' }) });
    assert.equal(answer.status, 302);
    const path = answer.headers.get('location');
    const data = await this.pageData(path);
    for (const [link, people] of [[data.inviteAsAdminLink, admins], [data.inviteLink, readers]]) {
      for (const person of people) {
        const joined = await person.post(new URL(link).pathname);
        assert.equal(joined.headers.get('location'), path);
      }
    }
    return { id: data.project.id, path, data };
  }
}

/** The cookies an answer sets, as a browser would send them back. */
export function cookiesOf(answer) {
  return answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
}

export async function logIn(name, fields = {}, at = base) {
  const person = new Person({ name, at });
  const answer = await person.post('/login', { username: name, password, ...fields });
  assert.equal(answer.status, 302, `${name} logs in`);
  person.cookie = cookiesOf(answer);
  return person;
}

/** The six who play all parts: owner, admin, access-only and people without a role. */
export async function everybody() {
  const [ana, ben, hanna, dmitri] = await Promise.all(['ana', 'ben', 'hanna', 'dmitri'].map((name) => logIn(name)));
  return { ana, ben, hanna, dmitri };
}

/** Makes two people friends: requests that meet are a friendship. */
export async function befriend(one, other) {
  for (const [from, to] of [[one, other], [other, one]]) {
    const answer = await from.post('/new-friend', { name: to.name });
    assert.ok([200, 302].includes(answer.status), `${from.name} asks ${to.name}`);
  }
}

const codeOf = /code=([\w-]{8})/;

/** Signs a new person up; they are not verified yet. */
export async function signUp(name, path = '/signup') {
  const person = new Person({ name });
  const answer = await person.post(path, { username: name, useremail: `${name}@example.org`, password: 'correct horse', password_confirm: 'correct horse' });
  assert.equal(answer.status, 302, await answer.text());
  person.cookie = cookiesOf(answer);
  return { person, verifyPath: answer.headers.get('location') };
}

/** The mails to a person, newest first, as the development outbox shows them. */
export async function mailsTo(name) {
  const list = await (await fetch(`${base}/dev/outbox`)).text();
  const mails = [];
  for (const [, id, row] of list.matchAll(/<a class="outboxMail" href="\/dev\/outbox\/([\w.-]+)"(.*?)<\/a>/gs)) {
    if (!row.includes(`${name}@example.org`)) continue;
    mails.push((await (await fetch(`${base}/dev/outbox/${id}`)).text()).match(/<article.*<\/article>/s)[0]);
  }
  return mails;
}

/** Waits for a matching mail to a person, and returns the match; mails are sent in the background. */
export async function mailTo(name, pattern) {
  for (let triesLeft = 2400; triesLeft > 0; triesLeft--) {
    const found = (await mailsTo(name)).map((mail) => pattern.exec(mail)).find(Boolean);
    if (found) return found;
    await pause(50);
  }
  return assert.fail(`no mail to ${name} matches ${pattern}`);
}

/** The code of the last mail to a person. */
export async function codeFor(name) {
  return (await mailTo(name, codeOf))[1];
}

export function newName(letter = 'z') {
  return letter + randomBytes(5).toString('hex');
}
