package projects

import (
	"slices"

	"taskstack.org/platform/errs"
)

// Role is a person's role in a project. The values of collaborators are those of
// project_collaborator_link.user_role.
type Role string

// The roles. RoleVisitor is a person without a role, to which the project's
// visibility shows it; to RoleNone the project does not exist.
const (
	RoleOwner      Role = "owner"
	RoleAdmin      Role = "admin"
	RoleAccessOnly Role = "access-only"
	RoleVisitor    Role = "no-role"
	RoleNone       Role = ""
)

// IsMember reports whether the role is the owner's or a collaborator's.
func (r Role) IsMember() bool { return r == RoleOwner || r.IsCollaborator() }

// IsCollaborator reports whether the role is one that a member can be given.
func (r Role) IsCollaborator() bool { return r == RoleAdmin || r == RoleAccessOnly }

// Action is what a permission allows in a project.
type Action string

// The actions, each a row of Rules.
const (
	// Read: see lists, cards, files and members.
	Read Action = "read"
	// Follow: get changes as they happen.
	Follow Action = "follow"
	// ReadHistory: see what happened before.
	ReadHistory Action = "readHistory"
	// Write: create, edit, move, delete and restore lists and cards.
	Write Action = "write"
	// Leave: stop being a collaborator.
	Leave Action = "leave"
	// AddMembers: add friends, see the invitation links, invite by e-mail.
	AddMembers Action = "addMembers"
	// ManageInvites: renew and switch the invitation links, and decide whether
	// admins may invite.
	ManageInvites Action = "manageInvites"
	// ManageMembers: remove collaborators and change their roles.
	ManageMembers Action = "manageMembers"
	// EditDetails: change name and description.
	EditDetails Action = "editDetails"
	// SetVisibility: set who reads the project without being a member.
	SetVisibility Action = "setVisibility"
	// ManageChat: make and delete the project's chat group.
	ManageChat Action = "manageChat"
	// Transfer: make a collaborator the owner.
	Transfer Action = "transfer"
	// Delete: delete the project with everything in it.
	Delete Action = "delete"
)

// Principal is a kind of caller, a column of Rules.
type Principal string

// The principals. A suspended person has no permission anywhere.
const (
	Owner      Principal = "owner"
	Admin      Principal = "admin"
	AccessOnly Principal = "accessOnly"
	Friend     Principal = "friend"
	Visitor    Principal = "visitor"
	SignedOut  Principal = "signedOut"
	Suspended  Principal = "suspended"
)

// Principals are all principals, in the order of Rule.Cells.
var Principals = []Principal{Owner, Admin, AccessOnly, Friend, Visitor, SignedOut, Suspended}

// Grant is a cell of Rules: whether a principal may do an action.
type Grant string

// The grants.
const (
	No            Grant = "no"
	Yes           Grant = "yes"
	UnlessPrivate Grant = "unlessPrivate"
	IfPublic      Grant = "ifPublic"
	// IfInviting holds in projects whose owner lets admins invite.
	IfInviting Grant = "ifInviting"
)

// in reports whether the grant allows an action in a project. A visibility that
// only an old database holds acts as private.
func (g Grant) in(p Project) bool {
	switch g {
	case Yes:
		return true
	case IfPublic:
		return p.Visibility == Public
	case UnlessPrivate:
		return p.Visibility == Public || p.Visibility == FriendsOnly
	case IfInviting:
		return p.AdminsInvite
	case No:
	}
	return false
}

// Rule is a row of Rules: which principals may do an action.
type Rule struct {
	Action Action
	Cells  [7]Grant
}

// Of returns the grant of a principal.
func (r Rule) Of(p Principal) Grant { return r.Cells[slices.Index(Principals, p)] }

// Cells that many rows share.
var (
	owners  = [7]Grant{Yes, No, No, No, No, No, No}
	writers = [7]Grant{Yes, Yes, No, No, No, No, No}
	members = [7]Grant{Yes, Yes, Yes, No, No, No, No}
	readers = [7]Grant{Yes, Yes, Yes, UnlessPrivate, IfPublic, IfPublic, IfPublic}
)

// Rules is the one table of permissions in a project. Services check it, pages
// and the help page show it, events (On) and routes (Audience) declare an action
// of it, and a test calls all of them as every principal. For a principal that may not read, the project does not exist.
var Rules = []Rule{
	{Action: Read, Cells: readers},
	{Action: Follow, Cells: readers},
	{Action: ReadHistory, Cells: members},
	{Action: Write, Cells: writers},
	{Action: Leave, Cells: [7]Grant{No, Yes, Yes, No, No, No, No}},
	{Action: AddMembers, Cells: [7]Grant{Yes, IfInviting, No, No, No, No, No}},
	{Action: ManageInvites, Cells: owners},
	{Action: ManageMembers, Cells: owners},
	{Action: EditDetails, Cells: owners},
	{Action: SetVisibility, Cells: owners},
	{Action: ManageChat, Cells: owners},
	{Action: Transfer, Cells: owners},
	{Action: Delete, Cells: owners},
}

// RuleOf returns an action's row.
func RuleOf(a Action) Rule {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.Action == a })
	if i < 0 {
		return Rule{Cells: [7]Grant{No, No, No, No, No, No, No}}
	}
	return Rules[i]
}

// columns are the principals of the roles. People without a role differ in
// which projects they can see (roleOf); in these their permissions are equal.
var columns = map[Role]Principal{RoleOwner: Owner, RoleAdmin: Admin, RoleAccessOnly: AccessOnly, RoleVisitor: Visitor}

// Can reports whether the person may do an action in the project.
func (a Access) Can(action Action) bool {
	p, ok := columns[a.Role]
	if !ok {
		return false
	}
	grant := RuleOf(action).Of(p)
	// That a visitor sees the project is part of the role already.
	return grant.in(a.Project) || a.Role == RoleVisitor && grant != No
}

// Rights returns all actions that the person may do in the project, for pages
// and scripts.
func (a Access) Rights() map[string]bool {
	rights := map[string]bool{}
	for _, rule := range Rules {
		if a.Can(rule.Action) {
			rights[string(rule.Action)] = true
		}
	}
	return rights
}

// Check returns nil if the person may do the action, Forbidden if the person may
// only read, and NotFound if the project does not exist for this person.
func (a Access) Check(action Action) error {
	switch {
	case a.Can(action):
		return nil
	case a.Can(Read):
		return errs.Of(errs.Forbidden)
	}
	return errs.Of(errs.NotFound)
}

// roleOf returns the role of a user in a project. link is the role of the user's
// collaborator link, empty without one; isFriend is whether the user is a friend
// of the owner.
func roleOf(p Project, userID int64, link string, isFriend bool) Role {
	switch {
	case userID != 0 && p.OwnerID == userID:
		return RoleOwner
	case link == string(RoleAdmin):
		return RoleAdmin
	case link != "":
		// An unknown role in an old database is the weaker one.
		return RoleAccessOnly
	}
	principal := SignedOut
	if userID != 0 {
		principal = Visitor
	}
	if isFriend {
		principal = Friend
	}
	if RuleOf(Read).Of(principal).in(p) {
		return RoleVisitor
	}
	return RoleNone
}
