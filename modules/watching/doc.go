// Package watching notifies members of changes of the cards and lists that they watch.
//
// Tables owned: watch. Rows end with the person and the project by foreign keys, with
// the membership, and with the card or list.
//
// A list is watched with its cards. What others change in it is a notification of the
// kind watching.list, or watching.card for those who watch the card itself; unread ones
// of one card are one entry (docs/decisions/0052).
//
// Events published: module.Notification. Events handled: cards.Created, Edited,
// ChangedList and Purged; lists.Edited and Purged; projects.Happened, for what other
// modules do with cards and lists; projects.MemberRemoved.
//
// Extends: the board by the key "watched", what the viewer watches there, and the
// windows and menus of cards and lists.
package watching
