// Package history remembers for people what happened on a board and who did it:
// lists and cards that were created, deleted, archived, restored, edited, cards
// that changed their list, and members who came and left. Rows are snapshots:
// nothing changes them when what they tell of is renamed.
//
// Tables owned: the contract's history_list_created, history_list_deleted,
// history_card_created, history_card_deleted, history_card_changed_list, and
// history_change for all that it has no table for, which old pages are not told.
//
// Events published: none. Events heard: those of lists and cards but Purged,
// projects.MemberAdded and MemberRemoved; each row is written in the transaction
// of what it tells of. projects.Deleting, on which the project's rows go, and
// accounts.Deleting, on which rows forget the person.
package history
