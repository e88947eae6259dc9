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
func (r Role) IsMember() bool { return r == RoleOwner || r.IsCollaborator() }

// IsCollaborator tells whether the role is one that can be given away.
func (r Role) IsCollaborator() bool { return r == RoleAdmin || r == RoleAccessOnly }

// Action is something one may or may not do in a project.
type Action string

// The actions, each a row of the table below.
const (
	// Read: see lists, cards, files and members.
	Read Action = "read"
	// Follow: get changes as they happen.
	Follow Action = "follow"
	// ReadHistory: see what happened before.
	ReadHistory Action = "readHistory"
	// Write: create, edit, move and delete lists and cards, and have them back.
	Write Action = "write"
	// Leave: stop being a collaborator.
	Leave Action = "leave"
	// AddMembers: add friends, see, renew and switch invitation links.
	AddMembers Action = "addMembers"
	// ManageMembers: remove collaborators and change their roles.
	ManageMembers Action = "manageMembers"
	// EditDetails: change name and description.
	EditDetails Action = "editDetails"
	// SetVisibility: say who may look without being a member.
	SetVisibility Action = "setVisibility"
	// ManageChat: make and delete the project's chat group.
	ManageChat Action = "manageChat"
	// Transfer: make somebody else the owner.
	Transfer Action = "transfer"
	// Delete: delete the project with everything in it.
	Delete Action = "delete"
)

// Who is somebody as the table sees them: a column.
type Who string

// The columns. A suspended person is nobody everywhere.
const (
	Owner      Who = "owner"
	Admin      Who = "admin"
	AccessOnly Who = "accessOnly"
	Friend     Who = "friend"
	Visitor    Who = "visitor"
	SignedOut  Who = "signedOut"
	Suspended  Who = "suspended"
)

// Everybody is the columns in their order.
var Everybody = []Who{Owner, Admin, AccessOnly, Friend, Visitor, SignedOut, Suspended}

// May is a cell.
type May string

// What a cell can say.
const (
	No            May = "no"
	Yes           May = "yes"
	UnlessPrivate May = "unlessPrivate"
	IfPublic      May = "ifPublic"
)

// in tells whether the cell allows something in a project of a visibility. Any
// value an old database may hold acts as private.
func (m May) in(v Visibility) bool {
	return m == Yes || m == IfPublic && v == Public || m == UnlessPrivate && (v == Public || v == FriendsOnly)
}

// Rule is a row: who may do something, and by which events of the namespace
// /project and which routes it is done.
type Rule struct {
	Action Action
	Cells  [7]May
	Events []string
	Routes []string
}

// Of is the cell of a column.
func (r Rule) Of(who Who) May { return r.Cells[slices.Index(Everybody, who)] }

// Cells that many rows share.
var (
	owners  = [7]May{Yes, No, No, No, No, No, No}
	writers = [7]May{Yes, Yes, No, No, No, No, No}
	members = [7]May{Yes, Yes, Yes, No, No, No, No}
	readers = [7]May{Yes, Yes, Yes, UnlessPrivate, IfPublic, IfPublic, IfPublic}
)

// Rules is the one table of who may do what in a project. Services ask it,
// pages are drawn from it, the help page shows it, and a test goes through all
// of it. Whoever may not even read learns nothing: for them the project does
// not exist.
var Rules = []Rule{
	{
		Action: Read, Cells: readers,
		Routes: []string{"GET /:user/:project", "GET /files/:key/:name"},
	},
	{Action: Follow, Cells: readers, Events: []string{"join_project_room", "sync_project", "presence"}},
	{Action: ReadHistory, Cells: members, Routes: []string{"GET /:user/:project/history"}},
	{
		Action: Write, Cells: writers,
		Events: []string{
			"create_list", "move_list", "edit_list", "delete_list",
			"create_card", "move_card", "move_cards", "edit_card", "delete_card",
			"put_cards_back", "archive_list", "archive_card", "read_bin", "restore_from_bin", "empty_from_bin",
			"read_archive", "restore_from_archive", "bin_from_archive",
			"read_versions",
		},
		Routes: []string{"POST /files/:kind/:id"},
	},
	{Action: Leave, Cells: [7]May{No, Yes, Yes, No, No, No, No}},
	{
		Action: AddMembers, Cells: owners,
		Events: []string{"add_friend_to_project", "list_addable_friends", "list_invite_links", "renew_invite_link", "switch_invite_link"},
	},
	{Action: ManageMembers, Cells: owners, Events: []string{"remove_user_from_project", "change_user_role"}},
	{Action: EditDetails, Cells: owners, Events: []string{"edit_project_name_and_desc"}},
	{Action: SetVisibility, Cells: owners, Events: []string{"change_project_visibility"}},
	{Action: ManageChat, Cells: owners, Events: []string{"create_project_chat_group", "delete_project_chat_group"}},
	{Action: Transfer, Cells: owners, Events: []string{"change_project_owner"}},
	{Action: Delete, Cells: owners, Events: []string{"delete_project"}},
}

// RuleOf is an action's row.
func RuleOf(a Action) Rule {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.Action == a })
	if i < 0 {
		return Rule{Cells: [7]May{No, No, No, No, No, No, No}}
	}
	return Rules[i]
}

// columns are where a role's rights stand. People without a role differ in
// what is shown to them (roleOf); once it is, their rights are the same.
var columns = map[Role]Who{RoleOwner: Owner, RoleAdmin: Admin, RoleAccessOnly: AccessOnly, RoleVisitor: Visitor}

// Can tells whether a role allows an action.
func (r Role) Can(a Action) bool {
	who, ok := columns[r]
	return ok && RuleOf(a).Of(who) != No
}

// Rights are all actions a role allows, for pages and scripts.
func (r Role) Rights() map[string]bool {
	rights := map[string]bool{}
	for _, rule := range Rules {
		if r.Can(rule.Action) {
			rights[string(rule.Action)] = true
		}
	}
	return rights
}

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

// roleOf decides what somebody is in a project who has the given link role
// (empty: none) and may be a friend of the owner.
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
	who := SignedOut
	if userID != 0 {
		who = Visitor
	}
	if isFriend {
		who = Friend
	}
	if RuleOf(Read).Of(who).in(p.Visibility) {
		return RoleVisitor
	}
	return RoleNone
}
