// Package lists owns the columns of a board: their names, descriptions and
// order.
//
// Tables owned: list. Positions are 0…n−1 among the lists on a project's board;
// a change of them holds the project's row. A removed list keeps its row, and its
// cards are removed with it (decision 0012).
//
// Events published: Created, Edited, Purged, and by removal projects.Happened.
// Events subscribed to: projects.Created, on which a board gets the lists it
// begins with, and projects.Deleting.
//
// Slots offered: Container (what a list contains). Slots filled:
// projects.AddSharedBoardPart ("lists"), files.Owning.
package lists
