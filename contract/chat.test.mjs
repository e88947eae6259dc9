/** Chats: every event of socket-events.md section 4 about messages and groups, with exact payloads, receivers and order; /chat and /msgs (http.md 7.8, 7.9). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { befriend, codeFor, newName, Person, signUp } from './lib/people.mjs';
import { news, Tab } from './lib/tab.mjs';

const names = ['ana', 'ben', 'cai', 'dan'];

/** Four new people with a socket each: ana, ben and cai are friends of ana, dan has none. */
class Stage {
  static async open(t, { generation = 2 } = {}) {
    const stage = new Stage();
    const people = await Promise.all(names.map(member));
    stage.people = Object.fromEntries(names.map((name, i) => [name, people[i]]));
    const { ana, ben, cai } = stage.people;
    await befriend(ana, ben);
    await befriend(ana, cai);
    stage.tabs = {};
    stage.ids = {};
    for (const name of names) {
      stage.tabs[name] = await Tab.open(t, stage.people[name], { generation, namespace: '/' });
      stage.ids[name] = (await stage.people[name].pageData('/chat')).currentUserId;
    }
    return stage;
  }

  /** Sends an event and checks what each person receives: those who are not in `expected` receive nothing. */
  async check(who, event, payload, expected) {
    const answer = await this.tabs[who].ask(event, payload);
    const heard = await news(...Object.values(this.tabs));
    const wanted = typeof expected === 'function' ? expected(answer) : expected;
    names.forEach((name, i) => assert.deepEqual(heard[i], wanted[name] ?? [], `${event} ${JSON.stringify(payload)}: ${JSON.stringify(answer)}, as heard by ${name}`));
    return answer;
  }

  /** A person as a member of a group. */
  member(name, role) {
    const { name: userName } = this.people[name];
    return { id: this.ids[name], name: userName, picUrl: this.pictures[name], goToUrl: `/${userName}`, role };
  }

  /** Makes a group of ana with ben. */
  async group() {
    const { id } = await this.tabs.ana.ask('create_chat_group', 'friends');
    assert.equal((await this.tabs.ana.ask('add_friend_to_chat_group', { friendNameOrEmail: this.people.ben.name, chatGroupId: id })).ok, true);
    const { chats } = await this.people.ana.pageData('/chat');
    this.pictures = Object.fromEntries(Object.values(chats.userToUser).map((chat) => [names.find((name) => this.ids[name] === chat.id), chat.picUrl]));
    for (const each of Object.values(chats.chatGroup[id].members)) this.pictures[names.find((name) => this.ids[name] === each.id)] = each.picUrl;
    await news(...Object.values(this.tabs));
    return id;
  }

  async history(who, type, id) {
    const answer = await this.people[who].get(`/msgs?chat-type=${type}&chat-id=${id}`);
    return answer.status === 200 ? answer.json() : answer.status;
  }
}

async function member(letter) {
  const { person, verifyPath } = await signUp(newName(letter[0]));
  assert.equal((await person.post(verifyPath, { code: await codeFor(person.name) })).status, 302);
  return person;
}

/** The message of an event, as the contract has it, of two people. */
const toUser = ({ people, ids }, from, to, { id, content, datetime, picUrl, num, rev }) => ({
  id, type: 'msg', chatType: 'userToUser', picUrl, goToUrl: `/${people[from].name}`, goToChatUrl: `/chat?with=${people[from].name}`, toId: ids[to],
  fromId: ids[from], fromName: people[from].name, content, datetime, num, rev,
});

for (const [generation, form] of [[2, String], [4, Number]]) {
  test(`messages of two friends, client ${generation}, ids as ${form.name}`, async (t) => {
    const stage = await Stage.open(t, { generation });
    const { ids, people } = stage;
    const content = '<b>hi</b> & "you"\n🚀';
    const { message } = await stage.check('ana', 'send_msg', { chatType: 'userToUser', chatId: form(ids.ben), content }, (answer) => {
      const sent = toUser(stage, 'ana', 'ben', { ...answer.message, content });
      assert.match(answer.message.datetime, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/);
      assert.deepEqual(answer.message, sent);
      return { ana: [['successfully_sent_msg', sent]], ben: [['receive_msg', sent]] };
    });
    const shape = ({ content: text, fromId, fromName, toId }) => ({ content: text, fromId, fromName, toId });
    const past = [{ content, fromId: ids.ana, fromName: people.ana.name, toId: ids.ben }];
    for (const [who, other] of [['ana', 'ben'], ['ben', 'ana']]) assert.deepEqual((await stage.history(who, 'userToUser', ids[other])).map(shape), past);
    assert.equal(await stage.history('dan', 'userToUser', ids.ana), 404);
    const chat = async (who, other) => (await people[who].pageData('/chat')).chats.userToUser[ids[other]];
    assert.deepEqual([(await chat('ben', 'ana')).unreadCount, (await chat('ana', 'ben')).unreadCount], [1, 0]);
    assert.deepEqual((await chat('ben', 'ana')).lastMsg.content, content);
    assert.equal((await chat('ana', 'cai')).lastMsg, 'None');

    // Marked by the receiver only; another chat stays as it is (D07).
    await stage.tabs.cai.ask('send_msg', { chatType: 'userToUser', chatId: ids.ana, content: 'one' });
    await news(...Object.values(stage.tabs));
    assert.equal((await stage.check('ana', 'mark_msg_as_read', { chatType: 'userToUser', id: message.id }, {})).error, 'notFound');
    await stage.check('ben', 'mark_msg_as_read', { chatType: 'userToUser', id: message.id }, {
      ben: [['chat_read', { chatType: 'userToUser', chatId: ids.ana, readRev: message.rev }]], ana: [['chat_seen', { chatType: 'userToUser', chatId: ids.ben, readRev: message.rev }]],
    });
    assert.equal((await chat('ben', 'ana')).unreadCount, 0);
    await stage.check('ana', 'mark_msgs_as_read', { chatType: 'userToUser', chatId: form(ids.ben) }, {});
    assert.equal((await chat('ana', 'cai')).unreadCount, 1);

    for (const [who, payload] of [
      ['dan', { chatType: 'userToUser', chatId: ids.ana, content: 'x' }], ['ana', { chatType: 'userToUser', chatId: ids.ana, content: 'x' }],
      ['ben', { chatType: 'userToUser', chatId: ids.cai, content: 'x' }],
    ]) assert.equal((await stage.check(who, 'send_msg', payload, {})).error, 'notFound');
    for (const bad of [{ chatType: 'x' }, { chatId: null }, { content: '' }, { content: ' \n' }, { content: 'x'.repeat(2049) }, { content: 5 }, { content: null }]) {
      assert.equal((await stage.check('ana', 'send_msg', { chatType: 'userToUser', chatId: ids.ben, content: 'x', ...bad }, {})).error, 'invalid', JSON.stringify(bad));
    }
    assert.equal((await stage.tabs.ana.ask('send_msg', { chatType: 'userToUser', chatId: ids.ben, content: 'ä'.repeat(2048) })).ok, true, 'D06');
  });
}

test('a message that is sent again is stored once', async (t) => {
  const stage = await Stage.open(t, { generation: 4 });
  const payload = { chatType: 'userToUser', chatId: stage.ids.ben, content: 'once', actionId: 'a-key-of-this-tab' };
  const first = await stage.tabs.ana.ask('send_msg', payload);
  await news(...Object.values(stage.tabs));
  assert.deepEqual(await stage.check('ana', 'send_msg', payload, {}), first);
  assert.equal((await stage.history('ben', 'userToUser', stage.ids.ana)).length, 1);
});

test('groups: created, named, filled, left and deleted', async (t) => {
  const stage = await Stage.open(t);
  const { ids, people } = stage;
  const own = (await stage.people.ana.pageData('/chat')).chats;
  assert.deepEqual([own.chatGroup, own.projectChatGroup], [{}, {}]);
  const id = await stage.group();
  const created = await stage.check('ben', 'create_chat_group', '  mine ', ({ id: made }) => ({
    ben: [['successfully_created_chat_group'], ['new_chat_group', {
      id: made, type: 'chatGroup', name: 'mine', unreadCount: 0, lastMsg: 'None', picUrl: '/static/img/group.png', roleOfCurrentUser: 'admin',
      members: { [ids.ben]: stage.member('ben', 'admin') }, msgs: [],
    }]],
  }));
  for (const bad of ['', ' ', 'x'.repeat(33), null, 5, {}]) assert.equal((await stage.check('ben', 'create_chat_group', bad, {})).error, 'invalid', `D08: ${JSON.stringify(bad)}`);

  // Only admins; others receive nothing that they may not know.
  const refused = { ben: 'forbidden', cai: 'notFound', dan: 'notFound' };
  for (const [who, error] of Object.entries(refused)) {
    for (const [event, payload] of [
      ['edit_chat_group_name', { chatGroupId: id, newName: 'x' }], ['delete_chat_group', id], ['add_friend_to_chat_group', { friendNameOrEmail: people.cai.name, chatGroupId: id }],
      ['remove_user_from_chat_group', { userId: ids.ana, chatGroupId: id }], ['change_chat_group_member_role', { chatGroupId: id, id: ids.ben, newRole: 'admin' }],
    ]) assert.equal((await stage.check(who, event, payload, {})).error, error, `${event} by ${who}`);
  }

  const name = ['update_chat_group_name', { id, type: 'chatGroup', newName: 'lunch' }];
  await stage.check('ana', 'edit_chat_group_name', { chatGroupId: String(id), newName: 'lunch' }, { ana: [name, ['successfully_edited_chat_group_name']], ben: [name] });

  // A message, its status, and the history, which only members read (H06).
  const sent = (await stage.check('ben', 'send_msg', { chatType: 'chatGroup', chatId: String(id), content: 'hungry' }, ({ message }) => {
    assert.deepEqual(Object.keys(message).toSorted(), ['chatGroupId', 'chatType', 'content', 'datetime', 'fromId', 'fromName', 'goToChatUrl', 'goToUrl', 'id', 'num', 'picUrl', 'rev', 'type']);
    assert.deepEqual([message.chatGroupId, message.chatType, message.goToChatUrl], [id, 'chatGroup', '/chat'], 'D05');
    return { ben: [['successfully_sent_msg', message]], ana: [['receive_msg', message]] };
  })).message;
  assert.equal((await stage.check('cai', 'send_msg', { chatType: 'chatGroup', chatId: id, content: 'me too' }, {})).error, 'notFound');
  assert.equal(await stage.history('cai', 'chatGroup', id), 404);
  assert.equal((await stage.history('ana', 'chatGroup', id)).length, 1);
  await stage.check('ana', 'mark_msgs_as_read', { chatType: 'chatGroup', chatId: id }, { ana: [['chat_read', { chatType: 'chatGroup', chatId: id, readRev: sent.rev }]] });

  // Who is no friend, unknown or there already is refused.
  for (const friendNameOrEmail of [people.dan.name, 'no-such-person', people.ben.name, people.ana.name]) {
    await stage.check('ana', 'add_friend_to_chat_group', { friendNameOrEmail, chatGroupId: id }, { ana: [['add_friend_to_chat_group_error_invalid_target']] });
  }
  const joined = ['new_chat_group_member', { chatGroupId: id, chatGroupType: 'chatGroup', member: stage.member('cai', 'default') }];
  await stage.check('ana', 'add_friend_to_chat_group', { friendNameOrEmail: people.cai.name, chatGroupId: id }, {
    cai: [['new_chat_group', {
      id, type: 'chatGroup', name: 'lunch', unreadCount: 0, lastMsg: { content: 'hungry', datetime: sent.datetime, fromId: ids.ben }, picUrl: '/static/img/group.png',
      roleOfCurrentUser: 'default', members: { [ids.ana]: stage.member('ana', 'admin'), [ids.ben]: stage.member('ben', 'default'), [ids.cai]: stage.member('cai', 'default') },
    }]],
    ana: [joined, ['successfully_added_friend_to_chat_group']], ben: [joined],
  });

  // Roles: a member's, and never without an admin (D24).
  const role = (who, newRole) => ['update_chat_group_member_role', { chatGroupId: id, chatGroupType: 'chatGroup', id: ids[who], newRole }];
  assert.equal((await stage.check('ana', 'change_chat_group_member_role', { chatGroupId: id, id: ids.ana, newRole: 'default' }, {})).error, 'conflict');
  assert.equal((await stage.check('ana', 'change_chat_group_member_role', { chatGroupId: id, id: ids.dan, newRole: 'admin' }, {})).error, 'notFound');
  await stage.check('ana', 'change_chat_group_member_role', { chatGroupId: String(id), id: String(ids.ben), newRole: 'admin' }, {
    ana: [role('ben', 'admin'), ['successfully_changed_chat_group_member_role']], ben: [role('ben', 'admin')], cai: [role('ben', 'admin')],
  });

  // Removal takes the messages along (D22); leaving is confirmed once, and passes the role on.
  const removed = (who) => ['chat_group_member_removed', { chatGroupId: id, chatGroupType: 'chatGroup', userId: ids[who] }];
  const gone = ['chat_group_removed', { id, type: 'chatGroup' }];
  await stage.check('ana', 'remove_user_from_chat_group', { userId: String(ids.ben), chatGroupId: String(id) }, {
    ben: [gone], ana: [removed('ben'), ['successfully_removed_user_from_chat_group']], cai: [removed('ben')],
  });
  assert.deepEqual(await stage.history('ana', 'chatGroup', id), []);
  assert.equal((await stage.check('dan', 'remove_user_from_chat_group', { userId: ids.dan, chatGroupId: id, removeMyself: 'True' }, {})).error, 'notFound');
  assert.equal((await stage.check('cai', 'remove_user_from_chat_group', { userId: ids.ana, chatGroupId: id, removeMyself: 'True' }, {})).error, 'invalid');
  await stage.check('ana', 'remove_user_from_chat_group', { userId: ids.ana, chatGroupId: id, removeMyself: 'True' }, {
    ana: [['successfully_left_group'], gone], cai: [removed('ana'), role('cai', 'admin')],
  });
  await stage.check('cai', 'delete_chat_group', String(id), { cai: [gone, ['successfully_deleted_chat_group']] });
  assert.equal(await stage.history('cai', 'chatGroup', id), 404);
  assert.ok(created.id > id);
});

test('the chat of a project is for all its members, and for no one else', async (t) => {
  const stage = await Stage.open(t);
  const board = await stage.people.ana.makeBoard({ admins: [stage.people.ben], readers: [stage.people.cai], chat: true });
  await news(...Object.values(stage.tabs));
  const { chats } = await stage.people.cai.pageData('/chat');
  const [{ id, name, members }] = Object.values(chats.projectChatGroup);
  assert.deepEqual([name, Object.values(members).map(({ role }) => role)], [board.path.slice(1), ['default', 'default', 'default']]);
  await stage.check('cai', 'send_msg', { chatType: 'projectChatGroup', chatId: String(id), content: 'hello' }, ({ message }) => {
    assert.deepEqual([message.projectChatGroupId, message.chatGroupId, message.toId, message.chatType], [id, undefined, undefined, 'projectChatGroup']);
    return { cai: [['successfully_sent_msg', message]], ana: [['receive_msg', message]], ben: [['receive_msg', message]] };
  });
  assert.equal((await stage.check('dan', 'send_msg', { chatType: 'projectChatGroup', chatId: id, content: 'x' }, {})).error, 'notFound');
  assert.equal(await stage.history('dan', 'projectChatGroup', id), 404);
});

test('/chat and /msgs: who may, which chat is opened, wrong questions', async (t) => {
  const stage = await Stage.open(t);
  const { ana, ben, dan } = stage.people;
  const visitor = new Person();
  for (const path of ['/chat', '/msgs?chat-type=userToUser&chat-id=1']) assert.equal((await visitor.get(path)).status, 404, path);
  assert.deepEqual((await ana.pageData(`/chat?with=${ben.name}`)).chatToOpen, { id: stage.ids.ben, type: 'userToUser' });
  for (const other of [dan.name, 'no-such-person', '']) assert.equal((await ana.pageData(`/chat?with=${other}`)).chatToOpen, false);
  for (const query of ['', 'chat-type=userToUser', 'chat-id=1', 'chat-type=x&chat-id=1', 'chat-type=userToUser&chat-id=x', `chat-type=userToUser&chat-id=${stage.ids.ben}&limit=x`, `chat-type=userToUser&chat-id=${stage.ids.ben}&before=-1`]) {
    assert.equal((await ana.get(`/msgs?${query}`)).status, 400, query);
  }
  for (const text of ['1', '2', '3']) await stage.tabs.ana.ask('send_msg', { chatType: 'userToUser', chatId: stage.ids.ben, content: text });
  const page = async (query) => (await (await ana.get(`/msgs?chat-type=userToUser&chat-id=${stage.ids.ben}&${query}`)).json());
  const newest = await page('limit=2');
  assert.deepEqual(newest.map(({ content }) => content), ['2', '3']);
  assert.deepEqual((await page(`limit=2&before=${newest[0].num}`)).map(({ content }) => content), ['1']);
  assert.deepEqual((await page(`since=${newest[0].rev}`)).map(({ content }) => content), ['3']);
});
