// Package chats owns who talks to whom. So far that is the chat group of a
// project, whose members are the project's; its page and messages come later.
//
// Tables owned: msg, chat_group and project_chat_group with their member
// links, messages and statuses.
//
// Events published: none. Events heard: projects.Created, MemberAdded,
// MemberRemoved, Renamed and Deleting, with which the group of a project
// follows it; accounts.Deleting, on which everything goes that somebody said
// or was told.
package chats
