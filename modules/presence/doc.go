// Package presence knows who has a board open right now: here, idle or away,
// however many tabs and servers there are.
//
// Each server keeps its own sockets in memory and writes, in batches, one row
// per board and person; the rows of all servers together are who is there. A
// row is renewed as long as its server lives, so a server that is killed is
// forgotten after TTL, and what it knew heals by itself.
//
// Members are named, everybody else is only counted: looking at a public board
// tells nobody who one is.
//
// Tables owned: board_presence.
//
// Events published: none. Events heard: projects.MemberAdded,
// projects.MemberRemoved, accounts.Renamed, accounts.PictureChanged.
package presence
