// Package history is the audit log of a board for its members: what was done to
// lists and cards and by which member, and who joined and left. Rows are snapshots: they
// keep the names of their time.
//
// Tables owned: the contract's history_list_created, history_list_deleted,
// history_card_created, history_card_deleted, history_card_changed_list, and
// history_change for all that it has no table for, which 2.x clients do not get.
// The window of a card or list shows what is about it (Filter.Subject).
//
// Events published: none. Events handled: projects.Happened, by which any module
// adds an entry, whose sentence is a text of that module (see Happened); Created,
// Edited and ChangedList of lists and cards, projects.MemberAdded and MemberRemoved;
// each row is written in the transaction of the change. projects.Deleting, on which the project's rows are deleted, and
// accounts.Deleting, on which rows lose the person.
package history
