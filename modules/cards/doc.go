// Package cards owns the cards of a board: their texts, their order within and
// between lists, and who is assigned to them.
//
// Tables owned: card, card_user_assignment. Positions are 0…n−1 among
// a list's cards on the board; a change of them holds the project's row.
//
// Events published: Created, Edited, ChangedList, Purged, and by removal
// projects.Happened. Events subscribed to: projects.MemberRemoved and accounts.Deleting, on
// which people are unassigned.
//
// Doors: AddPart for data on cards, AddTexts for texts that the search finds.
//
// Slots filled: lists.Container, projects.AddHomeCount ("cards"), files.Owning.
package cards
