// Package history remembers for people what happened on a board: lists and
// cards that were created and deleted, and cards that changed their list. Rows
// are snapshots: nothing changes them when what they tell of is renamed.
//
// Tables owned: history_list_created, history_list_deleted,
// history_card_created, history_card_deleted, history_card_changed_list.
//
// Events published: none. Events heard: lists.Created, lists.Deleted,
// cards.Created, cards.Deleted, cards.ChangedList; each row is written in the
// transaction of what it tells of.
package history
