// Package lists owns the columns of a board: their names, descriptions and
// order.
//
// Tables owned: list. Positions are 0…n−1 among the lists on a project's board;
// whoever changes them holds the project's row. A list that is off the board
// keeps its row and takes its cards along (decision 0012).
//
// Events published: Created, Edited, Deleted, Archived, Restored, GivenUp,
// Purged. Events heard: projects.Deleting,
// accounts.Deleting.
//
// Slots offered: SetContents (what a list contains). Slots filled:
// projects.AddBoardPart ("lists"), projects.AddHomeCount ("lists"),
// files.SetOwners.
package lists
