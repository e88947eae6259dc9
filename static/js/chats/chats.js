/** The viewer's chats: read from the server's data, changed by its events. Each is an object that is replaced when it changes. */
import { toPerson } from '../lib/person.js';
import { chatOf } from './messages.js';

/** The key of a chat in a map. */
export function keyOf({ type, id }) {
  return `${type}-${id}`;
}

/** A chat of the server's data as pages show it. */
export function toChat(data) {
  const { id, type, name, title, displayName, unreadCount, lastMsg, picUrl, goToUrl, boardUrl, roleOfCurrentUser, members, rev, readRev = 0, seenRev = 0, muted = false } = data;
  const called = type === 'userToUser' ? toPerson({ name, displayName }) : { name: title || name, userName: name };
  return {
    id, type, name: called.name, userName: called.userName, picUrl, goToUrl, boardUrl, unread: unreadCount, last: toLast(lastMsg), role: roleOfCurrentUser, rev, readRev, seenRev, muted,
    members: members && new Map(Object.values(members).map((member) => [member.id, toPerson(member)])),
  };
}

function toLast(lastMsg) {
  return lastMsg && lastMsg !== 'None' ? { content: lastMsg.content, at: new Date(lastMsg.datetime), fromId: lastMsg.fromId } : null;
}

/** The page that asks whether to block a person. */
export function blockAddress(userName) {
  return `/friend-requests/blocked?name=${encodeURIComponent(userName)}`;
}

/** All chats of the data of the page `/chat`, by their keys. */
export function toChats({ userToUser, chatGroup, projectChatGroup }) {
  const all = [userToUser, chatGroup, projectChatGroup].flatMap((some) => Object.values(some)).map(toChat);
  return new Map(all.map((chat) => [keyOf(chat), chat]));
}

/** The order of the list: the newest message first, chats without one below them by name. */
export function inOrder(chats) {
  return [...chats.values()].sort((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0) || a.name.localeCompare(b.name));
}

/** Changes of chats by the events of the server: each takes the chats, the payload and the viewer, and returns the chats. */
const changes = {
  receive_msg: (chats, message, me) => withMessage(chats, message, me, 1),
  successfully_sent_msg: (chats, message, me) => withMessage(chats, message, me, 0),
  chat_read: (chats, { chatType, chatId, readRev }) => patch(chats, { type: chatType, id: chatId }, (chat) => ({ readRev: Math.max(chat.readRev, readRev), unread: 0 })),
  chat_seen: (chats, { chatType, chatId, readRev }) => patch(chats, { type: chatType, id: chatId }, (chat) => ({ seenRev: Math.max(chat.seenRev, readRev) })),
  chat_muted: (chats, { chatType, chatId, muted }) => patch(chats, { type: chatType, id: chatId }, () => ({ muted })),
  new_chat_group: (chats, group) => new Map(chats).set(keyOf(group), toChat(group)),
  new_friend: (chats, friend) => new Map(chats).set(keyOf(friend), toChat(friend)),
  friend_removed: (chats, { id }) => without(chats, { type: 'userToUser', id }),
  update_friend_name: (chats, { id, name }) => patch(chats, { type: 'userToUser', id }, (chat) => ({ name: chat.name === chat.userName ? name : chat.name, userName: name, goToUrl: `/${name}` })),
  chat_group_removed: (chats, group) => without(chats, group),
  update_chat_group_name: (chats, { id, type, newName, title }) => patch(chats, { type, id }, () => ({ name: title || newName, userName: newName })),
  new_chat_group_member: (chats, { chatGroupId, chatGroupType, member }) =>
    patch(chats, { type: chatGroupType, id: chatGroupId }, ({ members }) => ({ members: new Map(members).set(member.id, toPerson(member)) })),
  chat_group_member_removed: (chats, { chatGroupId, chatGroupType, userId }) =>
    patch(chats, { type: chatGroupType, id: chatGroupId }, ({ members }) => ({ members: new Map([...members].filter(([id]) => String(id) !== String(userId))) })),
  update_chat_group_member_role: (chats, { chatGroupId, chatGroupType, id, newRole }, me) =>
    patch(chats, { type: chatGroupType, id: chatGroupId }, (chat) => withRole(chat, Number(id), newRole, me)),
};

/** The chats after an event; the same object if it is about something else. */
export function afterEvent(chats, name, data, me) {
  return changes[name]?.(chats, data, me) ?? chats;
}

function withMessage(chats, message, me, unread) {
  return patch(chats, chatOf(message, me), (chat) => {
    if (chat.rev >= message.rev) return {};
    const read = unread === 0 ? { unread: 0, readRev: message.rev } : { unread: chat.unread + unread };
    return { ...read, rev: message.rev, last: { content: message.file?.name ?? message.content, at: new Date(message.datetime), fromId: message.fromId } };
  });
}

function withRole({ members, role }, id, newRole, me) {
  const member = members.get(id);
  return { role: id === me ? newRole : role, members: member ? new Map(members).set(id, { ...member, role: newRole }) : members };
}

function patch(chats, { type, id }, change) {
  const key = keyOf({ type, id });
  const chat = chats.get(key);
  return chat ? new Map(chats).set(key, { ...chat, ...change(chat) }) : chats;
}

function without(chats, { type, id }) {
  const rest = new Map(chats);
  rest.delete(keyOf({ type, id }));
  return rest;
}
