import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterEvent, inOrder, toChats } from './chats.js';
import { Messages, rowsOf, toMessage } from './messages.js';

const at = (minute) => `2026-03-01 10:${String(minute).padStart(2, '0')}:00+00:00`;
const message = (num, rest = {}) => toMessage({ id: 100 + num, fromId: 1, fromName: 'ana', content: `text ${num}`, datetime: at(num), num, rev: num, ...rest });

test('messages are ordered by their numbers, once, and a gap is noticed', () => {
  const messages = new Messages();
  messages.addPage([message(2), message(1)], { newest: true });
  assert.equal(messages.receive(message(3)), 'added');
  assert.equal(messages.receive(message(3)), 'known');
  assert.equal(messages.receive(message(5)), 'gap');
  assert.deepEqual(messages.all.map(({ num }) => num), [1, 2, 3], 'what comes after a gap is read with the rest');
  messages.addPage([message(4), message(5)], { newest: true });
  assert.equal(messages.receive(message(2, { rev: 6, content: 'edited', edited: true })), 'added');
  assert.deepEqual(messages.all.map(({ content }) => content), ['text 1', 'edited', 'text 3', 'text 4', 'text 5']);
  messages.addPage([message(2)]);
  assert.equal(messages.all[1].content, 'edited', 'an older page does not bring back what was');
});

test('what is being sent is behind the rest until the server has it', () => {
  const messages = new Messages();
  for (const key of ['a', 'b']) messages.expect({ key, content: key, at: new Date(), problem: '' });
  messages.mark('b', 'refused');
  messages.addPage([message(1, { actionId: 'a' })], { newest: true });
  assert.deepEqual(messages.pending.map(({ key, problem }) => [key, problem]), [['b', 'refused']]);
});

test('rows: days, the line at the first unread message, groups of one person', () => {
  const messages = new Messages();
  messages.addPage([
    message(1), message(2), message(3, { fromId: 2 }), message(4), message(9), message(20, { datetime: '2026-03-02 10:00:00+00:00' }),
  ], { newest: true });
  messages.expect({ key: 'k', content: 'x', at: new Date(), problem: '' });
  const rows = rowsOf(messages, { me: 2, unreadAfter: 3 }).map(({ kind, message: each, first }) => (each ? `${kind} ${each.num ?? each.key}${first ? ' first' : ''}` : kind));
  assert.deepEqual(rows, [
    'day', 'message 1 first', 'message 2', 'message 3 first', 'unread', 'message 4 first', 'message 9 first', 'day', 'message 20 first', 'pending k first',
  ]);
  assert.equal(rowsOf(messages, { me: 2, unreadAfter: Infinity }).some(({ kind }) => kind === 'unread'), false);
  assert.deepEqual(rowsOf(messages, { me: 2, unreadAfter: Infinity, isShown: ({ fromId }) => fromId === 2 }).map(({ kind }) => kind), ['day', 'message', 'pending']);
});

const chats = () => toChats({
  userToUser: { 2: { id: 2, type: 'userToUser', name: 'ben', displayName: 'Ben B.', unreadCount: 0, lastMsg: 'None', rev: 0, readRev: 0 } },
  chatGroup: { 2: { id: 2, type: 'chatGroup', name: 'lunch', unreadCount: 1, lastMsg: { content: 'x', datetime: at(1), fromId: 3 }, roleOfCurrentUser: 'default', rev: 4, readRev: 3, members: { 1: { id: 1, name: 'ana', role: 'default' }, 3: { id: 3, name: 'cai', role: 'admin' } } } },
  projectChatGroup: {},
});

test('the list of chats follows the events of the server', () => {
  let all = chats();
  const heard = (name, data) => { all = afterEvent(all, name, data, 1); };
  assert.deepEqual(inOrder(all).map(({ name }) => name), ['lunch', 'Ben B.']);
  heard('receive_msg', { fromId: 2, toId: 1, content: 'hi', datetime: at(9), rev: 1 });
  assert.deepEqual(inOrder(all).map(({ name, unread }) => [name, unread]), [['Ben B.', 1], ['lunch', 1]]);
  heard('receive_msg', { fromId: 2, toId: 1, content: 'hi', datetime: at(9), rev: 1 });
  assert.equal(all.get('userToUser-2').unread, 1, 'what is known is not counted again');
  heard('chat_read', { chatType: 'userToUser', chatId: 2, readRev: 1 });
  heard('chat_muted', { chatType: 'chatGroup', chatId: 2, muted: true });
  heard('update_chat_group_member_role', { chatGroupId: 2, chatGroupType: 'chatGroup', id: '1', newRole: 'admin' });
  heard('new_chat_group_member', { chatGroupId: 2, chatGroupType: 'chatGroup', member: { id: 4, name: 'dan', role: 'default' } });
  heard('chat_group_member_removed', { chatGroupId: 2, chatGroupType: 'chatGroup', userId: '3' });
  heard('update_chat_group_name', { id: 2, type: 'chatGroup', newName: 'dinner' });
  const group = all.get('chatGroup-2');
  assert.deepEqual([all.get('userToUser-2').unread, group.name, group.role, group.muted, [...group.members.keys()]], [0, 'dinner', 'admin', true, [1, 4]]);
  heard('successfully_sent_msg', { fromId: 1, chatGroupId: 2, content: 'me', datetime: at(10), rev: 5 });
  assert.deepEqual([all.get('chatGroup-2').unread, all.get('chatGroup-2').readRev], [0, 5]);
  heard('friend_removed', { id: 2 });
  heard('chat_group_removed', { id: 2, type: 'chatGroup' });
  assert.equal(all.size, 0);
  const before = all;
  heard('now_collab_of_project', { id: 1 });
  assert.equal(all, before);
});
