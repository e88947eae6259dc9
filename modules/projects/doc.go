// Package projects owns projects: their owners and members, permissions,
// invitations, and the numbered log of every change of a board.
//
// Tables owned: project, project_collaborator_link, project_event,
// project_action, project_opened.
//
// A deleted project keeps its rows for 30 days: deleted.go, which restores it and ends
// it. For everything else it does not exist.
//
// Every change that a board shows goes through Service.Record: it locks the
// project's row, checks the sender's role, runs the change, numbers its events,
// writes them to project_event and, after the commit, delivers them to the
// project's room in order. Modules register the events that ask for a change
// with On, which decodes the payload and declares the permission.
//
// Events published: Created, Renamed, MemberAdded, MemberRemoved, Happened, Removed,
// Restored and Deleting, each in the transaction of the change. Events subscribed to:
// accounts.Renamed, accounts.PersonChanged and accounts.Deleting, which change
// all projects of a person, friends.Ended, which closes rooms, and module.AdminEnded.
//
// permissions.go has the one table of permissions.
//
// Slots offered: AddBoardPart and AddSharedBoardPart (what a board shows, on the page
// and in the snapshot), AddHomeCount (numbers on the start page's tiles), AddOutline (the shape
// of the board on the page of an invitation), AddInviteSource (invitations that are
// no link of a project). Slots filled: auth.AddGreeter and auth.AddArrival, for
// sign-ups that follow an invitation.
package projects
