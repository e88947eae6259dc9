/** Friends, the start page and the search: http.md 7.1, 7.10, 7.11, and the events about them (socket-events.md 4, 6, 7). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeFor, newName, Person, signUp } from './lib/people.mjs';
import { news, Tab } from './lib/tab.mjs';

const visitor = new Person();
const location = (answer) => [answer.status, answer.headers.get('location')];

/** Three new people for each test. */
async function strangers() {
  return Promise.all(['a', 'b', 'c'].map(member));
}

async function member(letter) {
  const { person, verifyPath } = await signUp(newName(letter));
  assert.equal((await person.post(verifyPath, { code: await codeFor(person.name) })).status, 302);
  return person;
}

const ask = (by, name, query = '') => by.post(`/new-friend${query}`, { name });
const home = (by) => by.pageData('/');
const id = async (by, name) => (await home(by)).friends.find((friend) => friend.name === name).id;
const root = (t, person, generation) => Tab.open(t, person, { generation, namespace: '/' });

async function makeFriends(one, other) {
  await ask(one, other.name);
  await ask(other, one.name);
}

test('/new-friend is for people who are signed in', async () => {
  assert.deepEqual(location(await visitor.get('/new-friend')), [302, '/']);
  assert.deepEqual(location(await ask(visitor, 'ana')), [302, '/']);
});

test('/new-friend: the form, with nothing in it that was not meant', async () => {
  const [ana] = await strangers();
  const html = await (await ana.get(`/new-friend?name=${encodeURIComponent('"><script>alert(1)</script>')}&continue=%2Fnew`)).text();
  assert.doesNotMatch(html, /<script>alert/);
  assert.match(html, /action="\/new-friend\?continue=%2Fnew"/i);
  assert.match(html, /class="btn" href="\/new"/);
  for (const target of ['https://evil.example', '//evil.example', 'javascript:alert(1)', '/\\evil.example']) {
    const page = await (await ana.get(`/new-friend?continue=${encodeURIComponent(target)}`)).text();
    assert.match(page, /class="btn" href="\/"/, target);
    assert.doesNotMatch(page, /main[\s\S]*(href|action)="[^"]*(evil|javascript)[\s\S]*<\/main/i, target);
  }
});

test('/new-friend: what cannot be sent stays in the form, with a message', async () => {
  const [ana, ben, cai] = await strangers();
  await makeFriends(ana, cai);
  await ask(ana, ben.name);
  const { person: unverified } = await signUp(newName());
  for (const name of ['', 'nobody', unverified.name, ana.name, `${ana.name}@example.org`, cai.name, ben.name, ben.name.toUpperCase(), '%', "' or 1=1", 'x\0', 'x'.repeat(5000)]) {
    const answer = await ask(ana, name, '?continue=%2Fnew');
    assert.equal(answer.status, 200, name);
    assert.match(await answer.text(), /aria-invalid="true"/, name);
  }
  assert.equal((await ana.post('/new-friend', { nickname: ben.name })).status, 400);
  assert.equal((await ana.post('/new-friend', { name: ben.name, token: 'stale' })).status, 419);
});

for (const generation of [2, 4]) {
  test(`a request is accepted: both sides and all their tabs hear of it (client ${generation})`, async (t) => {
    const [ana, ben] = await strangers();
    const [anaTab, benTab, benOther] = [await root(t, ana, generation), await root(t, ben, generation), await root(t, ben, 6 - generation)];
    assert.deepEqual(location(await ask(ana, ben.name, '?continue=%2Fnew')), [302, '/new']);
    await benTab.until((heard) => heard.length === 1, 'the request');
    const [anaNews, [request], other] = await news(anaTab, benTab, benOther);
    assert.deepEqual(anaNews, [['sent_requests_changed']]);
    assert.deepEqual(other, [request]);
    const [event, { id: requestId, datetime, picUrl, ...rest }] = request;
    assert.equal(event, 'receive_friendship_request');
    assert.deepEqual(rest, { type: 'friendshipRequest', fromName: ana.name, goToUrl: `/${ana.name}` });
    assert.match(datetime, /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\+00:00$/);
    assert.ok(Number.isInteger(requestId));
    const { notifications } = await home(ben);
    assert.deepEqual(notifications, [{ id: requestId, datetime, picUrl, ...rest }]);

    benTab.tell('accept_freq', { id: generation === 2 ? requestId : String(requestId) });
    await benTab.until((heard) => heard.length === 2, 'the friend');
    const [forAna, forBen, forBenToo] = await news(anaTab, benTab, benOther);
    const friend = (person, { id: friendId, picUrl: pic }) => ['new_friend', {
      id: friendId, type: 'userToUser', name: person.name, picUrl: pic, goToUrl: `/${person.name}`, unreadCount: 0, lastMsg: 'None',
    }];
    const [[anaOfBen], [benOfAna]] = [(await home(ben)).friends, (await home(ana)).friends];
    assert.deepEqual(forBen, [['remove_friendship_request', requestId], friend(ana, anaOfBen)]);
    assert.deepEqual(forBenToo, forBen);
    assert.deepEqual(forAna, [friend(ben, benOfAna)]);
    assert.deepEqual(anaOfBen, { id: anaOfBen.id, name: ana.name, picUrl, goToUrl: `/${ana.name}` });
    assert.deepEqual((await home(ben)).notifications, []);
  });
}

test('declined: the sender is not notified; foreign, unknown and malformed ids do nothing', async (t) => {
  const [ana, ben, cai] = await strangers();
  await ask(ana, ben.name);
  const [{ id: requestId }] = (await home(ben)).notifications;
  const [anaTab, benTab, caiTab] = [await root(t, ana, 2), await root(t, ben, 2), await root(t, cai, 4)];
  for (const event of ['accept_freq', 'dont_accept_freq']) {
    for (const tab of [anaTab, caiTab]) assert.equal((await tab.ask(event, { id: requestId })).error, 'notFound', event);
    assert.equal((await benTab.ask(event, { id: requestId + 1000 })).error, 'notFound');
    for (const bad of [null, {}, { id: null }, { id: 0 }, { id: -1 }, { id: '1 or 1' }, { id: [requestId] }, { id: {} }, requestId, 'x', { id: 1.5 }, { id: '9'.repeat(40) }]) {
      assert.equal((await benTab.ask(event, bad)).error, 'invalid', `${event} ${JSON.stringify(bad)}`);
    }
  }
  assert.deepEqual(await news(anaTab, benTab, caiTab), [[], [], []]);
  assert.equal((await home(ben)).notifications.length, 1);
  benTab.tell('dont_accept_freq', { id: requestId });
  await benTab.until((heard) => heard.length === 1, 'the removal');
  assert.deepEqual(await news(anaTab, benTab, caiTab), [[], [['remove_friendship_request', requestId]], []]);
  assert.deepEqual(location(await ask(ana, ben.name)), [302, '/'], 'may be asked again');
});

test('requests that meet make a friendship', async (t) => {
  const [ana, ben] = await strangers();
  await ask(ana, ben.name);
  const [{ id: requestId }] = (await home(ben)).notifications;
  const [anaTab, benTab] = [await root(t, ana, 2), await root(t, ben, 4)];
  assert.deepEqual(location(await ask(ben, ana.name)), [302, '/']);
  await benTab.until((heard) => heard.length === 3, 'the friend');
  const [forAna, forBen] = await news(anaTab, benTab);
  assert.deepEqual(forBen.map(([event, arg]) => [event, arg?.name ?? arg]), [['sent_requests_changed', undefined], ['remove_friendship_request', requestId], ['new_friend', ana.name]]);
  assert.deepEqual(forAna.map(([event, arg]) => [event, arg?.name]), [['new_friend', ben.name]]);
});

test('withdrawn: the addressee loses the request', async (t) => {
  const [ana, ben] = await strangers();
  await ask(ana, ben.name);
  const [{ id: requestId }] = (await home(ben)).notifications;
  const benTab = await root(t, ben, 2);
  assert.deepEqual(location(await ana.post('/friend-requests', { withdraw: ben.name })), [302, '/']);
  await benTab.until((heard) => heard.length === 1, 'the removal');
  assert.deepEqual(benTab.take(), [['remove_friendship_request', requestId]]);
  assert.deepEqual((await home(ben)).notifications, []);
  assert.equal((await ana.post('/friend-requests', { dance: ben.name })).status, 400);
  assert.equal((await ana.post('/friend-requests', { withdraw: ben.name, token: '' })).status, 419);
});

test('who blocks requests, and whose an address is, stays a secret', async (t) => {
  const [ana, ben, cai] = await strangers();
  const blocked = await ben.request(`/${ben.name}/settings`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: await ben.token(), setting: 'blockAllFriendshipRequests', value: true }),
  });
  assert.equal(blocked.status, 200);
  const benTab = await root(t, ben, 2);
  const targets = [ben.name, `${ben.name}@example.org`, 'nobody-at-all@example.org', `${cai.name}@example.org`];
  for (const target of targets) assert.deepEqual(location(await ask(ana, target, '?continue=%2Fnew')), [302, '/new'], target);
  assert.deepEqual(await news(benTab), [[]]);
  assert.deepEqual((await home(ben)).notifications, []);
  assert.equal((await home(cai)).notifications.length, 1);
  const html = await (await ana.get('/')).text();
  for (const target of targets) {
    assert.ok(html.includes(`id="sent-${target}"`), `${target} is shown as sent`);
    assert.equal((await ask(ana, target)).status, 200, `${target} again`);
  }
  assert.ok(!html.includes(`href="/${cai.name}"`), 'the name behind the address is not told');
});

test('a friend who is removed: both sides are notified, once', async (t) => {
  const [ana, ben, cai] = await strangers();
  await makeFriends(ana, ben);
  const [anaId, benId] = [await id(ben, ana.name), await id(ana, ben.name)];
  const tabs = [await root(t, ana, 2), await root(t, ben, 4), await root(t, cai, 2)];
  for (const by of [cai, visitor]) await by.post(`/${ben.name}`, { submit: 'removeFriend', id: anaId });
  assert.deepEqual(await news(...tabs), [[], [], []]);
  assert.equal((await ana.post(`/${ben.name}`, { submit: 'removeFriend' })).status, 200);
  await tabs[1].until((heard) => heard.length === 1, 'the removal');
  assert.deepEqual(await news(...tabs), [[['friend_removed', { id: benId }]], [['friend_removed', { id: anaId }]], []]);
  assert.deepEqual([(await home(ana)).friends, (await home(ben)).friends], [[], []]);
});

test('a friend with a new name', async (t) => {
  const [ana, ben] = await strangers();
  await makeFriends(ana, ben);
  const benId = await id(ana, ben.name);
  const anaTab = await root(t, ana, 2);
  const newUsername = newName('n');
  const answer = await ben.post(`/${ben.name}/settings`, { submit: 'changeUsername', newUsername, password: 'correct horse' });
  assert.deepEqual(location(answer), [302, `/${newUsername}/settings`]);
  // A name with another first letter has another drawn picture, which is announced as well.
  const isName = ([event]) => event === 'update_friend_name';
  await anaTab.until((heard) => heard.some(isName), 'the name');
  assert.deepEqual(anaTab.take().filter(isName), [['update_friend_name', { id: benId, name: newUsername }]]);
});

test('an account that goes takes its friendships and requests along', async (t) => {
  const [ana, ben, cai] = await strangers();
  await makeFriends(ana, ben);
  await ask(ben, cai.name);
  const [benId, [{ id: requestId }]] = [await id(ana, ben.name), (await home(cai)).notifications];
  const [anaTab, caiTab] = [await root(t, ana, 2), await root(t, cai, 4)];
  assert.deepEqual(location(await ben.post(`/${ben.name}/settings`, { submit: 'deleteAccount', password: 'correct horse' })), [302, '/']);
  await caiTab.until((heard) => heard.length === 1, 'the removal');
  assert.deepEqual(await news(anaTab, caiTab), [[['friend_removed', { id: benId }]], [['remove_friendship_request', requestId]]]);
});

test('/: page data of the start page, in order', async () => {
  const [ana, ben, cai] = await strangers();
  assert.doesNotMatch(await (await visitor.get('/')).text(), /id="pageData"/);
  const empty = await home(ana);
  assert.deepEqual([empty.projects, empty.friends, empty.notifications], [{ whereOwner: [], whereCollab: [] }, [], []]);
  const shared = await ben.makeBoard({ readers: [ana] });
  const own = [await ana.makeBoard(), await ana.makeBoard()];
  await makeFriends(ana, cai);
  await makeFriends(ana, ben);
  const data = await home(ana);
  const project = ({ id: projectId, path }) => {
    const [, ownerName, name] = path.split('/');
    return { id: projectId, ownerName, title: name, name, goToUrl: path };
  };
  const byPath = (a, b) => (a.goToUrl < b.goToUrl ? -1 : 1);
  assert.deepEqual(data.projects, { whereOwner: own.map(project).sort(byPath), whereCollab: [project(shared)] });
  assert.deepEqual(data.friends.map(({ name }) => name), [ben.name, cai.name].sort());
  assert.deepEqual(Object.keys(data.friends[0]).sort(), ['goToUrl', 'id', 'name', 'picUrl']);
});

test('the bell counts what is new, on every page', async (t) => {
  const [ana, ben, cai] = await strangers();
  const badge = async (path) => /id="notificationsCount"([^>]*)><span aria-hidden="true">(\d+)</.exec(await (await ana.get(path)).text())?.slice(1);
  assert.match((await badge('/privacy'))[0], /hidden/);
  for (const by of [ben, cai]) await ask(by, ana.name);
  const [attributes, count] = await badge('/privacy');
  assert.deepEqual([attributes.includes('hidden'), count], [false, '2']);
  assert.equal((await badge('/'))[1], '2');
  assert.doesNotMatch(await (await visitor.get('/privacy')).text(), /notificationsCount/);
  const tab = await root(t, ana, 4);
  assert.deepEqual(await tab.ask('count_notifications'), { ok: true, count: 2 });
});

test('/search: order, shape, limits', async () => {
  const [ana, ben, cai] = await strangers();
  const word = newName('w');
  const make = async (by, name) => {
    const answer = await by.post('/new', { name, desc: '', project_private: 'on' });
    assert.equal(answer.status, 302);
    return answer.headers.get('location');
  };
  const [two, one] = [await make(ana, `${word}_2`), await make(ana, `1${word}x`)];
  const { path: shared, data } = await ben.makeBoard({ readers: [ana] });
  await makeFriends(ana, ben);
  const find = async (by, q) => {
    const answer = await by.get(`/search${q === undefined ? '' : `?q=${encodeURIComponent(q)}`}`);
    assert.equal(answer.status, 200, q);
    assert.match(answer.headers.get('content-type'), /json/);
    return answer.json();
  };
  const project = (path) => ({ type: 'project', title: path.split('/')[2], name: path.slice(1), urlPath: path });
  const user = ({ name }) => ({ type: 'user', name, urlPath: `/${name}` });
  assert.deepEqual(await find(ana, word.toUpperCase()), [project(one), project(two)]);
  assert.deepEqual(await find(ana, `${word}_`), [project(two)], 'no wildcard');
  assert.deepEqual(await find(ana, data.project.name), [project(shared)]);
  assert.deepEqual(await find(ana, ben.name.slice(1)), [user(ben)]);
  assert.deepEqual(await find(ana, cai.name), [{ type: 'user', name: cai.name, urlPath: `/new-friend?name=${cai.name}`, canBefriend: true }]);
  assert.deepEqual(await find(cai, word), [], 'what is not shared');
  for (const q of [undefined, '', '  ', '%', '__________', cai.name.slice(0, -1), 'x\0', `${word}${'x'.repeat(3000)}`]) assert.deepEqual(await find(ana, q), [], q);
  assert.equal((await visitor.get(`/search?q=${word}`)).status, 404);
});

