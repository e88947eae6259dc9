// Package cards owns the cards of a board: their texts, their order within and
// between lists, and who is assigned to them.
//
// Tables owned: card, card_user_assignment. Positions are 0…n−1 among
// a list's cards on the board; whoever changes them holds the project's row.
//
// Events published: Created, Edited, Deleted, Archived, Restored, GivenUp,
// Purged, ChangedList. Events heard:
// projects.MemberRemoved and accounts.Deleting, on which people leave cards.
//
// Slots filled: lists.SetContents, projects.AddHomeCount ("cards"),
// files.SetOwners.
package cards
