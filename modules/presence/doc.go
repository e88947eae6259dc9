// Package presence knows which people have a board open right now: here, idle or
// away, however many tabs and servers there are.
//
// Each server keeps its own sockets in memory and writes, in batches, one row
// per board and person; the rows of all servers together are the answer. A
// row is renewed as long as its server lives, so a server that is killed is
// forgotten after TTL, and what it knew heals by itself.
//
// Members are named, visitors are only counted: opening a public board reveals
// no names.
//
// Tables owned: board_presence.
//
// Events published: none. Events handled: projects.MemberAdded,
// projects.MemberRemoved, accounts.Renamed, accounts.PersonChanged.
package presence
