// Package lists owns the columns of a board: their names, descriptions and
// order.
//
// Tables owned: list. Positions are 0…n−1 within a project; whoever changes
// them holds the project's row.
//
// Events published: Created, Deleted. Events heard: none.
//
// Slots offered: SetContents (what a list contains). Slots filled:
// projects.AddBoardPart ("lists"), projects.AddHomeCount ("lists"),
// files.SetOwners.
package lists
