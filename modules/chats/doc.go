// Package chats owns conversations: between two friends, in groups with admins,
// and in the chat groups of projects, whose members are the project's.
//
// Tables owned: chat_pair, chat_pair_link, msg; chat_group,
// chat_group_member_link, chat_group_msg, chat_group_msg_status;
// project_chat_group, project_chat_group_member_link, project_chat_group_msg,
// project_chat_group_msg_status; msg_reaction, chat_group_msg_reaction,
// project_chat_group_msg_reaction; msg_word, chat_group_msg_word,
// project_chat_group_msg_word; chat_stream, chat_event;
// chat_hidden_sender, the authors whose messages are hidden from a person in groups. Nothing is written
// to the tables of statuses any more (docs/decisions/0035).
//
// Every change of a chat has a number, its revision: clients order messages by it,
// ask for what they have missed, and the links of members keep up to which one
// they have read.
//
// Messages and their changes go through a log that all servers follow
// (docs/decisions/0037); all else that people are told is accounts.Deliver's.
//
// Beside the contract's events: msg_changed (a message that was edited, deleted or
// reacted to), chat_read and chat_muted (to a person's own pages), chat_seen (to the
// other side of a chat of two), chat_typing.
//
// A message may be a file: files keeps it and asks this module who may read it
// (files.Keeper, docs/decisions/0059).
//
// Doors: the start page and the bell (module.HomeGuest, module.BadgeCounter), kinds of
// notifications (module.Notifier; docs/decisions/0045).
//
// Events published: Posted, and module.Notification. Events handled: projects.Created, MemberAdded,
// MemberRemoved, Renamed and Deleting, on which the group of a project follows
// it; friends.Ended, on which what is unread between the two is read; friends.Blocked and
// Unblocked, on which messages in groups are hidden, or shown again (docs/decisions/0051);
// accounts.Deleting, on which a person's messages are deleted.
package chats
