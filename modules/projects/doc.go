// Package projects owns boards as such: who owns them, who may do what on
// them, how one joins, and the numbered log of everything that changes on one.
//
// Tables owned: project, project_collaborator_link, project_event,
// project_action.
//
// Every change that a board sees goes through Service.Record: it locks the
// project's row, checks the actor's role, runs the change, numbers its events,
// writes them to project_event and, after the commit, delivers them to the
// project's room in order.
//
// Events published: Created, Renamed, MemberAdded, MemberRemoved, Deleting,
// each in the transaction of what it tells. Events heard: accounts.Renamed,
// accounts.PictureChanged and accounts.Deleting, on which all of a person's
// projects follow, and friends.Ended, on which rooms are closed.
//
// permissions.go is the one table of who may do what.
//
// Slots offered: AddBoardPart (what a board shows, on the page and in the
// snapshot), AddHomeCount (numbers on the start page's tiles).
package projects
