package projects

import (
	"slices"

	"taskstack.org/platform/errs"
)

// Role is what somebody is in a project. The values of collaborators are those
// of project_collaborator_link.user_role.
type Role string

// The roles. Visitor is somebody without a role to whom the project's
// visibility shows it; None is somebody to whom it does not exist.
const (
	RoleOwner      Role = "owner"
	RoleAdmin      Role = "admin"
	RoleAccessOnly Role = "access-only"
	RoleVisitor    Role = "no-role"
	RoleNone       Role = ""
)

// IsMember tells whether the role is the owner's or a collaborator's.
func (r Role) IsMember() bool { return r == RoleOwner || r == RoleAdmin || r == RoleAccessOnly }

// Action is something one may or may not do in a project.
type Action string

// The actions, each a row of the contract's table (http.md section 8).
const (
	// Read: see lists, cards, files and members.
	Read Action = "read"
	// Follow: get changes as they happen, and the history.
	Follow Action = "follow"
	// Write: create, edit, move and delete lists and cards.
	Write Action = "write"
	// Manage: links, members, settings, deletion.
	Manage Action = "manage"
	// Leave: stop being a collaborator.
	Leave Action = "leave"
)

// allowed is the one table of who may do what. Services ask it, pages are
// drawn from it.
var allowed = map[Role][]Action{
	RoleOwner:      {Read, Follow, Write, Manage},
	RoleAdmin:      {Read, Follow, Write, Leave},
	RoleAccessOnly: {Read, Follow, Leave},
	RoleVisitor:    {Read},
}

// Can tells whether a role allows an action.
func (r Role) Can(a Action) bool { return slices.Contains(allowed[r], a) }

// Check is nil if the role allows the action; NotFound if the project does not
// exist for this person, Forbidden if it does.
func (r Role) Check(a Action) error {
	switch {
	case r.Can(a):
		return nil
	case r.Can(Read):
		return errs.Of(errs.Forbidden)
	}
	return errs.Of(errs.NotFound)
}
