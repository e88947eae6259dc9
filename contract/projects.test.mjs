/** Every event about a project itself: exact payloads, who receives them, in which order (socket-events.md, sections 5 and 6). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { befriend, codeFor, everybody, logIn, newName, signUp } from './lib/people.mjs';
import { news, Tab } from './lib/tab.mjs';

/** A board and the two sockets each old page has: ana owns it, ben may write, hanna may look, dmitri is a friend of ana. */
class Stage {
  static async open(t, { generation = 2, chat = false, isPublic = false } = {}) {
    const stage = new Stage();
    stage.people = await everybody();
    const { ana, ben, hanna, dmitri } = stage.people;
    await befriend(ana, dmitri);
    stage.board = await ana.makeBoard({ admins: [ben], readers: [hanna], isPublic, chat });
    stage.tabs = {};
    for (const [name, person] of Object.entries(stage.people)) {
      stage.tabs[`${name}Root`] = await Tab.open(t, person, { generation, namespace: '/' });
      stage.tabs[name] = await Tab.open(t, person, { generation });
      if (name !== 'dmitri' || isPublic) stage.rev = await stage.tabs[name].join(stage.board);
    }
    const { project } = await ana.snapshot(stage.board.path);
    stage.members = Object.fromEntries(Object.values(project.members).map((member) => [member.name, member]));
    return stage;
  }

  /** Sends an event and checks what each tab receives: names that are not in `expected` receive nothing. */
  async check(who, event, payload, expected) {
    const answer = await this.tabs[who].ask(event, payload);
    await this.heard(expected, `${event} ${JSON.stringify(payload)}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async heard(expected, what) {
    const names = Object.keys(this.tabs);
    const heard = await news(...Object.values(this.tabs));
    names.forEach((name, i) => assert.deepEqual(heard[i], expected[name] ?? [], `${what}, as heard by ${name}`));
  }

  /** The same news for several tabs. */
  for(names, ...events) {
    return Object.fromEntries(names.map((name) => [name, events]));
  }
}

const everyTab = ['ana', 'ben', 'hanna'];
const everyRoot = ['anaRoot', 'benRoot', 'hannaRoot'];

for (const [generation, form] of [[2, Number], [2, String], [4, Number]]) {
  test(`name and description, client ${generation}, ids as ${form.name}`, async (t) => {
    const stage = await Stage.open(t, { generation, chat: true });
    const { board } = stage;
    const id = form(board.id);
    const taken = (await stage.people.ana.makeBoard()).path.split('/')[2];
    await stage.heard(stage.for(['anaRoot']), 'another board');
    const name = newName('n');
    const group = await chatOf(stage);
    const attributes = { projectId: board.id, title: name, name, ownerName: 'ana', projectDesc: '<b>"new"</b>', rev: stage.rev + 1 };
    const renamed = [['update_chat_group_name', { id: group, type: 'projectChatGroup', newName: `ana/${name}`, title: name }], ['update_project_attributes', attributes]];
    const answer = await stage.check('ana', 'edit_project_name_and_desc', { id, name, projectDesc: attributes.projectDesc }, {
      ...stage.for(everyRoot, ...renamed), ...stage.for(everyTab, ['update_project_attributes', attributes]),
      ana: [['edit_project_name_and_desc_successful'], ['update_project_attributes', attributes]],
    });
    assert.deepEqual(answer, { ok: true, rev: stage.rev + 1 });
    // Only the case changes: no conflict with itself (D28).
    const upper = name.toUpperCase();
    assert.equal((await stage.tabs.ana.ask('edit_project_name_and_desc', { id, name: upper, projectDesc: '' })).ok, true);
    await news(...Object.values(stage.tabs));
    assert.equal((await stage.people.ben.get(`/ana/${name}`)).headers.get('location'), `/ana/${upper}`);
    assert.equal((await stage.people.ben.get(board.path)).status, 404);
    const duplicate = await stage.check('ana', 'edit_project_name_and_desc', { id, name: taken.toUpperCase(), projectDesc: 'x' },
      { ana: [['edit_project_name_and_desc_error_owner_has_already_project_with_that_name']] });
    assert.equal(duplicate.error, 'conflict');
    assert.ok(duplicate.fields.name);
    for (const bad of ['ab', 'with blank', 'line\n', 'ümlaut', 'history', 'x'.repeat(33), '']) {
      const refused = await stage.check('ana', 'edit_project_name_and_desc', { id, name: bad, projectDesc: 'kept?' }, {});
      assert.ok(refused.error === 'invalid' && refused.fields.name, JSON.stringify(refused));
    }
    assert.equal((await stage.check('ana', 'edit_project_name_and_desc', { id, name: 'fine', projectDesc: 'x'.repeat(129) }, {})).error, 'invalid');
    const { project } = await stage.people.ana.snapshot(`/ana/${upper}`);
    assert.deepEqual([project.name, project.projectDesc], [upper, '']);
  });
}

test('a client 2.x that renames a project leaves a title of its own', async (t) => {
  const stage = await Stage.open(t, { generation: 2 });
  const { id } = stage.board;
  const [name, later] = [newName('n'), newName('n')];
  const heard = (attributes) => {
    const update = ['update_project_attributes', { projectId: id, ownerName: 'ana', projectDesc: '', ...attributes, rev: stage.rev + 1 }];
    return { ...stage.for(everyRoot, update), ...stage.for(everyTab, update), ana: [['edit_project_name_and_desc_successful'], update] };
  };
  await stage.check('ana', 'edit_project_name_and_desc', { id, title: 'Plans 🌱', name, projectDesc: '' }, heard({ title: 'Plans 🌱', name }));
  stage.rev += 1;
  await stage.check('ana', 'edit_project_name_and_desc', { id, name: later, projectDesc: '' }, heard({ title: 'Plans 🌱', name: later }));
  const { project } = await stage.people.ben.snapshot(`/ana/${later}`);
  assert.deepEqual([project.title, project.name], ['Plans 🌱', later]);
});

/** The id of the board's chat group, as the events of adding a member contain it. */
async function chatOf(stage) {
  const { ana, anaRoot } = stage.tabs;
  const { dmitri } = stage.people;
  await ana.ask('add_friend_to_project', { projectId: stage.board.id, friendNameOrEmail: 'dmitri', role: 'admin' });
  const [heard] = await news(anaRoot);
  const { member, chatGroupId } = heard.find(([name]) => name === 'new_chat_group_member')[1];
  await ana.ask('remove_user_from_project', { projectId: stage.board.id, userId: member.id });
  await news(...Object.values(stage.tabs));
  stage.rev = (await stage.people.ana.snapshot(stage.board.path)).rev;
  assert.equal((await dmitri.get(stage.board.path)).status, 404);
  return chatGroupId;
}

test('visibility', async (t) => {
  const stage = await Stage.open(t, { isPublic: true });
  const projectId = stage.board.id;
  const change = (value, others = []) => stage.check('ana', 'change_project_visibility', { projectId, value }, {
    ...stage.for(['ben', 'hanna', ...others], ['update_project_visibility', value, { rev: ++stage.rev }]),
    ana: [['successfully_changed_project_visibility'], ['update_project_visibility', value, { rev: stage.rev }]],
  });
  await change('friends', ['dmitri']);
  stage.rev += 1;
  await stage.check('ana', 'change_project_visibility', { projectId, value: 'private' }, {
    ...stage.for(['ben', 'hanna'], ['update_project_visibility', 'private', { rev: stage.rev }]),
    ana: [['successfully_changed_project_visibility'], ['update_project_visibility', 'private', { rev: stage.rev }]],
    dmitri: [['update_project_visibility', 'private', { rev: stage.rev }], ['project_closed']],
  });
  await change('public');
  for (const value of ['Public', '', 'all', 'private\n']) {
    const refused = await stage.check('ana', 'change_project_visibility', { projectId, value }, {});
    assert.ok(refused.fields.value, JSON.stringify(refused));
  }
  assert.equal((await stage.people.ana.snapshot(stage.board.path)).project.visibility, 'public');
});

for (const form of [Number, String]) {
  test(`roles and removal, ids as ${form.name}`, async (t) => {
    const stage = await Stage.open(t, { chat: true });
    const { board, members } = stage;
    const projectId = form(board.id);
    const chatGroupId = await chatOf(stage);
    const list = await stage.tabs.ana.ask('create_list', { projectId, name: 'l', listDesc: '', attachedFiles: {} });
    const card = await stage.tabs.ana.ask('create_card', {
      projectId, listId: list.id, name: 'c', cardDesc: '', attachedFiles: {}, members: [members.ben.id, members.hanna.id],
    });
    await news(...Object.values(stage.tabs));
    stage.rev = card.rev;

    const changed = { id: members.hanna.id, role: 'admin', rev: ++stage.rev };
    await stage.check('ana', 'change_user_role', { projectId, userId: form(members.hanna.id), newRole: 'admin' }, {
      ...stage.for(everyTab, ['project_collab_role_changed', changed]),
      ana: [['successfully_changed_user_role'], ['project_collab_role_changed', changed]],
      hannaRoot: [['force_reload', { projectId: board.id }]],
    });
    // D03: only the owner, only known roles, only collaborators.
    for (const [who, error] of [['ben', 'forbidden'], ['dmitri', 'notFound']]) {
      const refused = await stage.check(who, 'change_user_role', { projectId, userId: members.hanna.id, newRole: 'access-only' }, {});
      assert.equal(refused.error, error, who);
    }
    assert.equal((await stage.check('ana', 'change_user_role', { projectId, userId: members.hanna.id, newRole: 'owner' }, {})).error, 'invalid');
    assert.equal((await stage.check('ana', 'change_user_role', { projectId, userId: members.ana.id, newRole: 'admin' }, {})).error, 'notFound');

    // Removal: out of the chat, off the cards, out of the room (D12, D23).
    const gone = { id: members.ben.id, rev: ++stage.rev };
    const left = { chatGroupId, chatGroupType: 'projectChatGroup', userId: members.ben.id };
    await stage.check('ana', 'remove_user_from_project', { projectId, userId: form(members.ben.id) }, {
      ana: [['successfully_removed_project_collab'], ['project_collab_removed', gone]],
      hanna: [['project_collab_removed', gone]],
      ben: [['project_collab_removed', gone], ['project_closed']],
      benRoot: [['chat_group_removed', { id: chatGroupId, type: 'projectChatGroup' }], ['removed_as_collab_of_project', board.id]],
      ...stage.for(['anaRoot', 'hannaRoot'], ['chat_group_member_removed', left]),
    });
    const moved = await stage.tabs.ana.ask('move_list', { projectId, id: list.id, pos: 0 });
    stage.rev = moved.rev;
    await stage.heard({
      ana: [['move_list_successful'], ['update_list_pos', { id: list.id, pos: 0, otherListsPosChanges: [], rev: stage.rev }]],
      hanna: [['update_list_pos', { id: list.id, pos: 0, otherListsPosChanges: [], rev: stage.rev }]],
    }, 'ben is out');
    for (const event of ['join_project_room', 'create_list']) {
      const payload = event === 'create_list' ? { projectId, name: 'n', listDesc: '', attachedFiles: {} } : projectId;
      assert.equal((await stage.check('ben', event, payload, {})).error, 'notFound');
    }
    const { lists } = (await stage.people.ana.snapshot(board.path)).project;
    assert.deepEqual(lists[list.id].cards[card.id].members, { [members.hanna.id]: 1 });

    // Leaving; the owner cannot (D11).
    assert.equal((await stage.check('ana', 'remove_user_from_project', { projectId, userId: members.ana.id }, {})).error, 'forbidden');
    const hannaGone = { id: members.hanna.id, rev: ++stage.rev };
    await stage.check('hanna', 'remove_user_from_project', { projectId, userId: members.hanna.id }, {
      ana: [['project_collab_removed', hannaGone]],
      hanna: [['successfully_left_project'], ['project_collab_removed', hannaGone], ['project_closed']],
      hannaRoot: [['chat_group_removed', { id: chatGroupId, type: 'projectChatGroup' }], ['removed_as_collab_of_project', board.id]],
      anaRoot: [['chat_group_member_removed', { ...left, userId: members.hanna.id }]],
    });
    // The links from before the removal lead nowhere (D36).
    for (const link of [board.data.inviteLink, board.data.inviteAsAdminLink]) {
      assert.equal((await stage.people.ben.get(new URL(link).pathname)).status, 404);
    }
  });
}

test('adding a friend', async (t) => {
  const stage = await Stage.open(t, { chat: true });
  const { board, members } = stage;
  const projectId = board.id;
  for (const friendNameOrEmail of ['ben', 'ana', 'nobody-here', '', 'elif@example.org']) {
    const refused = await stage.check('ana', 'add_friend_to_project', { projectId, friendNameOrEmail, role: 'admin' },
      { ana: [['add_friend_to_project_error_invalid_target']] });
    assert.ok(refused.fields.friendNameOrEmail, friendNameOrEmail);
  }
  assert.equal((await stage.check('ana', 'add_friend_to_project', { projectId, friendNameOrEmail: 'dmitri', role: 'owner' }, {})).error, 'invalid');
  const answer = await stage.tabs.ana.ask('add_friend_to_project', { projectId, friendNameOrEmail: 'dmitri@example.org', role: 'access-only' });
  assert.equal(answer.rev, stage.rev + 1);
  const { project } = await stage.people.dmitri.snapshot(board.path);
  const member = Object.values(project.members).find(({ name }) => name === 'dmitri');
  const heard = {};
  for (const [name, tab] of Object.entries(stage.tabs)) [heard[name]] = await news(tab);
  const chatGroupId = heard.anaRoot[0][1].chatGroupId;
  const joined = ['new_chat_group_member', { chatGroupId, chatGroupType: 'projectChatGroup', member: { ...member, role: 'default' } }];
  const collab = ['new_project_collab', { ...member, rev: answer.rev }];
  const chatMembers = Object.fromEntries([members.ana, members.ben, members.hanna, member].map((each) => [each.id, { ...each, role: 'default' }]));
  assert.deepEqual(heard, {
    anaRoot: [joined], ana: [['successfully_added_friend_to_project'], collab], benRoot: [joined], ben: [collab], hannaRoot: [joined], hanna: [collab],
    dmitriRoot: [
      ['new_chat_group', {
        id: chatGroupId, type: 'projectChatGroup', name: board.path.slice(1), title: project.name, unreadCount: 0, lastMsg: 'None', picUrl: '/static/img/group.png',
        roleOfCurrentUser: 'default', members: chatMembers,
      }],
      ['now_collab_of_project', { id: projectId, title: project.name, name: project.name, ownerName: 'ana', goToUrl: board.path }],
    ],
    dmitri: [],
  });
});

test('the chat group of a project', async (t) => {
  const stage = await Stage.open(t);
  const { board, members } = stage;
  const projectId = String(board.id);
  assert.equal((await stage.people.ana.pageData(board.path)).project.chatGroupStatus, 'deactivated');
  await stage.check('ana', 'create_project_chat_group', { projectId }, await expectedGroup());
  assert.equal((await stage.people.ben.pageData(board.path)).project.chatGroupStatus, 'activated');
  // A second one is confirmed without effect (D14).
  const again = await stage.check('ana', 'create_project_chat_group', { projectId }, { ana: [['successfully_created_project_chat_group']] });
  assert.deepEqual(again, { ok: true, rev: stage.rev });
  const { id } = stage.group;
  const off = { chatGroupStatus: 'deactivated', rev: ++stage.rev };
  await stage.check('ana', 'delete_project_chat_group', { projectId }, {
    ...stage.for(everyRoot, ['chat_group_removed', { id, type: 'projectChatGroup' }]),
    ...stage.for(everyTab, ['update_project_chat_group_status', off]),
    ana: [['successfully_deleted_project_chat_group'], ['update_project_chat_group_status', off]],
  });
  for (const who of ['ben', 'hanna', 'dmitri']) {
    for (const event of ['create_project_chat_group', 'delete_project_chat_group']) {
      assert.equal((await stage.check(who, event, { projectId }, {})).error, who === 'dmitri' ? 'notFound' : 'forbidden');
    }
  }

  // What is not known before: the group's id, which all root sockets receive alike.
  async function expectedGroup() {
    const on = { chatGroupStatus: 'activated', get chatGroupId() { return stage.group.id; }, rev: ++stage.rev };
    stage.tabs.anaRoot.socket.once('new_chat_group', (group) => { stage.group = group; });
    const group = {
      type: 'projectChatGroup', name: board.path.slice(1), title: board.path.split('/')[2], unreadCount: 0, lastMsg: 'None', picUrl: '/static/img/group.png',
      roleOfCurrentUser: 'default', msgs: [],
      members: Object.fromEntries(Object.values(members).map((each) => [each.id, { ...each, role: 'default' }])),
    };
    const expected = {
      ...stage.for(everyTab, ['update_project_chat_group_status', on]),
      ana: [['successfully_created_project_chat_group'], ['update_project_chat_group_status', on]],
    };
    for (const name of everyRoot) Object.defineProperty(expected, name, { get: () => [['new_chat_group', { id: stage.group.id, ...group }]] });
    return expected;
  }
});

test('a new project may come with its chat group', async () => {
  const { ana } = await everybody();
  const board = await ana.makeBoard({ chat: true });
  assert.equal(board.data.project.chatGroupStatus, 'activated');
});

test('the longest names there are fit into the name of a chat group (D09)', async (t) => {
  const [short, long] = [newName('l'), newName('l').padEnd(16, 'x')];
  const { person: owner, verifyPath } = await signUp(short);
  assert.equal((await owner.post(verifyPath, { code: await codeFor(short) })).status, 302);
  const name = newName('p').padEnd(32, 'x');
  const { id, path } = await owner.makeBoard({ chat: true });
  const tab = await Tab.open(t, owner);
  assert.equal((await tab.ask('edit_project_name_and_desc', { id, name, projectDesc: '' })).ok, true, path);
  const answer = await owner.post(`/${short}/settings`, { submit: 'changeUsername', newUsername: long, password: 'correct horse' });
  assert.equal(answer.headers.get('location'), `/${long}/settings`);
  assert.equal((await owner.pageData(`/${long}/${name}`)).project.chatGroupStatus, 'activated');
  const both = await owner.post('/new', { name: newName('p').padEnd(32, 'x'), desc: '', create_project_chat_group: 'on' });
  assert.equal(both.status, 302);
});

test('handing a project over', async (t) => {
  const stage = await Stage.open(t, { chat: true });
  const { board, members } = stage;
  const projectId = board.id;
  const group = await chatOf(stage);
  await stage.people.ben.makeBoard(); // owning something is no obstacle (D13)
  const name = board.path.split('/')[2];
  await news(...Object.values(stage.tabs));
  for (const nameOrEmail of ['dmitri', 'nobody-here', '', 'ana']) {
    const refused = await stage.check('ana', 'change_project_owner', { projectId, nameOrEmail }, { ana: [['change_project_owner_error_invalid_target']] });
    assert.ok(refused.error === 'invalid' && refused.fields.nameOrEmail, nameOrEmail);
  }
  await stage.people.hanna.post('/new', { name: name.toUpperCase(), desc: '' });
  const conflict = await stage.check('ana', 'change_project_owner', { projectId, nameOrEmail: 'hanna' }, { ana: [['change_project_owner_error_invalid_target']] });
  assert.equal(conflict.error, 'conflict');
  const attributes = ['update_project_attributes', { projectId, title: name, name, ownerName: 'ben', projectDesc: '', rev: stage.rev + 1 }];
  const renamed = ['update_chat_group_name', { id: group, type: 'projectChatGroup', newName: `ben/${name}`, title: name }];
  const reload = ['force_reload', { projectId }];
  const onBoard = [
    attributes, ['project_collab_role_changed', { id: members.ana.id, role: 'admin', rev: stage.rev + 2 }],
    ['project_collab_role_changed', { id: members.ben.id, role: 'owner', rev: stage.rev + 3 }],
  ];
  await stage.check('ana', 'change_project_owner', { projectId, nameOrEmail: 'ben@example.org' }, {
    ...stage.for(everyTab, ...onBoard), ...stage.for(['anaRoot', 'benRoot'], renamed, attributes, reload), hannaRoot: [renamed, attributes],
  });
  const pages = await Promise.all(['ana', 'ben'].map((who) => stage.people[who].pageData(`/ben/${name}`)));
  assert.deepEqual(pages.map((page) => page.currentUserRole), ['admin', 'owner']);
  assert.ok(!('inviteLink' in pages[0]) && 'inviteLink' in pages[1]);
});

test('deleting a project notifies everyone who has to do with it', async (t) => {
  const stage = await Stage.open(t, { chat: true, isPublic: true });
  const { board } = stage;
  const { people } = stage;
  const list = await stage.tabs.ana.ask('create_list', { projectId: board.id, name: 'l', listDesc: '', attachedFiles: { 'a.txt': Buffer.from('a') } });
  await stage.tabs.ana.ask('create_card', { projectId: board.id, listId: list.id, name: 'c', cardDesc: '', attachedFiles: { 'b.txt': Buffer.from('b') }, members: [stage.members.ben.id] });
  const { lists } = (await people.ana.snapshot(board.path)).project;
  const file = new URL(lists[list.id].attachedFiles['a.txt']).pathname;
  await news(...Object.values(stage.tabs));
  for (const who of ['ben', 'hanna', 'dmitri']) assert.equal((await stage.check(who, 'delete_project', { id: board.id }, {})).error, 'forbidden');
  assert.ok((await stage.check('ana', 'delete_project', { id: board.id, confirmName: 'something' }, {})).fields.confirmName);
  await stage.tabs.ana.ask('delete_project', { id: board.id });
  const heard = await news(...Object.values(stage.tabs));
  const by = Object.fromEntries(Object.keys(stage.tabs).map((name, i) => [name, heard[i]]));
  for (const name of ['ana', 'ben', 'hanna', 'dmitri']) assert.deepEqual(by[name].map(([event]) => event), ['project_deleted'], name);
  assert.deepEqual(by.anaRoot.map(([event]) => event), ['chat_group_removed']);
  for (const name of ['benRoot', 'hannaRoot']) {
    assert.deepEqual(by[name].map(([event]) => event).sort(), ['chat_group_removed', 'removed_as_collab_of_project']);
    assert.equal(by[name].find(([event]) => event === 'removed_as_collab_of_project')[1], board.id);
  }
  assert.deepEqual(by.dmitriRoot, []);
  for (const path of [board.path, `${board.path}/history`, file, new URL(board.data.inviteLink).pathname]) assert.equal((await people.ana.get(path)).status, 404, path);
  assert.equal((await stage.check('ana', 'join_project_room', board.id, {})).error, 'notFound');
});

test('invitation links are shown, renewed and switched off', async (t) => {
  const stage = await Stage.open(t);
  const projectId = stage.board.id;
  const { ana } = stage.tabs;
  const { data } = stage.board;
  assert.deepEqual(await ana.ask('list_invite_links', { projectId }), { ok: true, links: [
    { role: 'admin', on: true, link: data.inviteAsAdminLink }, { role: 'access-only', on: true, link: data.inviteLink },
  ] });
  const status = async (link) => (await stage.people.dmitri.get(new URL(link).pathname)).status;
  assert.deepEqual(await ana.ask('switch_invite_link', { projectId, role: 'admin', on: false }), { ok: true });
  assert.deepEqual([await status(data.inviteAsAdminLink), await status(data.inviteLink)], [404, 200]);
  await ana.ask('switch_invite_link', { projectId, role: 'admin', on: true });
  const { link } = await ana.ask('renew_invite_link', { projectId, role: 'access-only' });
  assert.deepEqual([await status(data.inviteAsAdminLink), await status(data.inviteLink), await status(link)], [200, 404, 200]);
  for (const who of ['ben', 'hanna', 'dmitri']) {
    for (const event of ['list_invite_links', 'renew_invite_link', 'switch_invite_link']) {
      const refused = await stage.check(who, event, { projectId, role: 'admin', on: true }, {});
      assert.deepEqual([refused.error, 'links' in refused, 'link' in refused], [who === 'dmitri' ? 'notFound' : 'forbidden', false, false]);
    }
  }
  await stage.heard({}, 'nobody hears of links');
});

test('who loses their login while on a public board receives nothing more', async (t) => {
  const stage = await Stage.open(t, { isPublic: true });
  const browser = await logIn('dmitri');
  const tab = await Tab.open(t, browser);
  await tab.join(stage.board);
  const gone = tab.gone();
  await browser.post('/logout');
  await gone;
});
