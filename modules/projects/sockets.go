package projects

import (
	"context"
	"errors"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Namespace is the namespace of boards.
const Namespace = "/project"

// roomKind is the kind of a project's room.
const roomKind = "project"

// Room returns the name of the room of all sockets that follow a project.
func Room(projectID int64) string { return realtime.RoomOf(roomKind, projectID) }

// newStreams returns the streams that deliver the events of projects.
func newStreams(rt *realtime.Server, log realtime.Log, delivered func(context.Context, int64, realtime.Event)) *realtime.Streams {
	return rt.Streams(rt.Of(Namespace), realtime.StreamOptions{
		Kind: roomKind, FollowerKind: "user", Closed: "project_closed", Last: "project_deleted", Delivered: delivered,
	}, log)
}

// Sockets adds the project's own events of the namespace /project (contract,
// socket-events.md section 5).
func (m *Module) Sockets(rt *realtime.Server) {
	m.declare(rt, "join_project_room", Follow, m.Name())
	socketio.On(rt.Of(Namespace), "join_project_room", m.joinRoom)
	On(m, rt, "sync_project", Follow, m.sync)
	On(m, rt, "edit_project_name_and_desc", EditDetails, m.onEdit)
	On(m, rt, "change_project_visibility", SetVisibility, m.onSetVisibility)
	On(m, rt, "change_project_colour", EditDetails, m.onSetColour)
	On(m, rt, "change_project_owner", Transfer, m.onTransfer)
	On(m, rt, "delete_project", Delete, m.onDelete)
	On(m, rt, "add_friend_to_project", AddMembers, m.onAddFriend)
	On(m, rt, "list_addable_friends", AddMembers, m.onListFriends)
	On(m, rt, "change_user_role", ManageMembers, m.onSetRole)
	On(m, rt, "remove_user_from_project", ManageMembers, m.onRemove)
	On(m, rt, "list_invite_links", AddMembers, m.onListLinks)
	On(m, rt, "renew_invite_link", ManageInvites, m.onRenewLink)
	On(m, rt, "switch_invite_link", ManageInvites, m.onSwitchLink)
	On(m, rt, "let_admins_invite", ManageInvites, m.onLetAdminsInvite)
}

// joinRoom checks the permission every time, also after a reconnect. It checks it
// again when the socket is in the room: a member that is removed in between is
// removed from the room before the socket joins it.
func (m *Module) joinRoom(ctx context.Context, s *socketio.Socket, id socketio.ID) (any, error) {
	by := accounts.ActorFrom(ctx)
	in, err := m.Require(ctx, by, int64(id), Follow)
	if err != nil {
		return nil, err
	}
	rev, err := m.streams.Join(ctx, s, in.ID, by.UserID)
	if err != nil {
		return nil, err
	}
	if _, err := m.Require(ctx, by, in.ID, Follow); err != nil {
		m.streams.Leave(s, in.ID, by.UserID)
		return nil, err
	}
	for _, joined := range m.joined {
		joined(Request{By: by, ProjectID: in.ID, socket: s})
	}
	return Reply{"rev": rev}, nil
}

// syncProject asks for the events that a client missed.
type syncProject struct {
	Target
	SinceRev *int64 `json:"sinceRev" event:"required"`
}

func (m *Module) sync(ctx context.Context, r Request, in syncProject) (Reply, error) {
	events, rev, complete, err := m.Missed(ctx, r.By, r.ProjectID, *in.SinceRev)
	if err != nil {
		return nil, err
	}
	if !complete {
		return Reply{"rev": rev, "reset": true}, nil
	}
	if events == nil {
		events = []realtime.Event{}
	}
	return Reply{"rev": rev, "events": events}, nil
}

// refusing sends the contract's event to old clients, which have a text for it,
// if err is about the field.
func refusing(r Request, event string, err error, field string) error {
	var e *errs.Error
	if errors.As(err, &e) && e.Fields[field].Key != "" {
		r.Emit(event)
	}
	return err
}

type editProject struct {
	targetByID
	// Title is left out by 2.x clients.
	Title *string `json:"title"`
	Name  *string `json:"name" event:"required"`
	Desc  *string `json:"projectDesc" event:"required"`
	Base  struct {
		Title *string `json:"title"`
		Name  *string `json:"name"`
		Desc  *string `json:"projectDesc"`
	} `json:"base"`
}

func (m *Module) onEdit(ctx context.Context, r Request, in editProject) (Reply, error) {
	rev, err := m.Edit(ctx, r.Confirming("edit_project_name_and_desc_successful"), Edit{
		Title: in.Title, Name: *in.Name, Desc: normalNewlines(*in.Desc),
		Base: Base{Name: in.Base.Name, Desc: in.Base.Desc}, BaseTitle: in.Base.Title,
	})
	if e := errs.As(err); err != nil && e.Kind == errs.Conflict && e.Current == nil {
		err = refusing(r, "edit_project_name_and_desc_error_owner_has_already_project_with_that_name", err, "name")
	}
	return Recorded(rev, err)
}

type setVisibility struct {
	Target
	Value *Visibility `json:"value" event:"required"`
}

func (m *Module) onSetVisibility(ctx context.Context, r Request, in setVisibility) (Reply, error) {
	return Recorded(m.SetVisibility(ctx, r.Confirming("successfully_changed_project_visibility"), *in.Value))
}

type setColour struct {
	Target
	Colour *Colour `json:"colour" event:"required"`
}

func (m *Module) onSetColour(ctx context.Context, r Request, in setColour) (Reply, error) {
	return Recorded(m.SetColour(ctx, r, *in.Colour))
}

type transferProject struct {
	Target
	NameOrEmail *string `json:"nameOrEmail" event:"required,max=128"`
}

func (m *Module) onTransfer(ctx context.Context, r Request, in transferProject) (Reply, error) {
	err := m.Transfer(ctx, r, *in.NameOrEmail)
	return nil, refusing(r, "change_project_owner_error_invalid_target", err, "nameOrEmail")
}

type deleteProject struct {
	targetByID
	ConfirmName *string `json:"confirmName" event:"max=128"`
}

func (m *Module) onDelete(ctx context.Context, r Request, in deleteProject) (Reply, error) {
	return nil, m.Delete(ctx, r.By, r.ProjectID, in.ConfirmName)
}

type addFriend struct {
	Target
	NameOrEmail *string `json:"friendNameOrEmail" event:"required,max=128"`
	Role        Role    `json:"role"`
}

func (m *Module) onAddFriend(ctx context.Context, r Request, in addFriend) (Reply, error) {
	rev, err := m.AddFriend(ctx, r.Confirming("successfully_added_friend_to_project"), *in.NameOrEmail, in.Role)
	return Recorded(rev, refusing(r, "add_friend_to_project_error_invalid_target", err, "friendNameOrEmail"))
}

func (m *Module) onListFriends(ctx context.Context, r Request, _ Target) (Reply, error) {
	friends, err := m.AddableFriends(ctx, r.By, r.ProjectID)
	if err != nil {
		return nil, err
	}
	people := make([]wirePerson, len(friends))
	for i, f := range friends {
		people[i] = wirePersonOf(f)
	}
	return Reply{"people": people}, nil
}

type setRole struct {
	Target
	UserID socketio.ID `json:"userId" event:"required"`
	Role   Role        `json:"newRole"`
}

func (m *Module) onSetRole(ctx context.Context, r Request, in setRole) (Reply, error) {
	return Recorded(m.SetRole(ctx, r.Confirming("successfully_changed_user_role"), int64(in.UserID), in.Role))
}

type removeUser struct {
	Target
	UserID socketio.ID `json:"userId" event:"required"`
}

func (m *Module) onRemove(ctx context.Context, r Request, in removeUser) (Reply, error) {
	event := "successfully_removed_project_collab"
	if int64(in.UserID) == r.By.UserID {
		event = "successfully_left_project"
	}
	return Recorded(m.Remove(ctx, r.Confirming(event), int64(in.UserID)))
}

func (m *Module) link(l InviteLink) wireLink {
	return wireLink{Role: l.Role, On: l.On, Link: m.deps.PublicURL + "/invite/" + l.Code}
}

func (m *Module) links(all []InviteLink) []wireLink {
	links := make([]wireLink, len(all))
	for i, l := range all {
		links[i] = m.link(l)
	}
	return links
}

func (m *Module) onListLinks(ctx context.Context, r Request, _ Target) (Reply, error) {
	links, err := m.InviteLinks(ctx, r.By, r.ProjectID)
	if err != nil {
		return nil, err
	}
	return Reply{"links": m.links(links)}, nil
}

type renewLink struct {
	Target
	Role Role `json:"role"`
}

func (m *Module) onRenewLink(ctx context.Context, r Request, in renewLink) (Reply, error) {
	l, err := m.RenewInviteLink(ctx, r.By, r.ProjectID, in.Role)
	if err != nil {
		return nil, err
	}
	link := m.link(l)
	return Reply{"role": link.Role, "on": link.On, "link": link.Link}, nil
}

type switchLink struct {
	Target
	Role Role  `json:"role"`
	On   *bool `json:"on" event:"required"`
}

func (m *Module) onSwitchLink(ctx context.Context, r Request, in switchLink) (Reply, error) {
	return nil, m.SwitchInviteLink(ctx, r.By, r.ProjectID, in.Role, *in.On)
}

type letAdminsInvite struct {
	Target
	On *bool `json:"on" event:"required"`
}

func (m *Module) onLetAdminsInvite(ctx context.Context, r Request, in letAdminsInvite) (Reply, error) {
	return Recorded(m.LetAdminsInvite(ctx, r, *in.On))
}
