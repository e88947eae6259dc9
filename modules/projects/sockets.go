package projects

import (
	"context"
	"errors"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the project's own events of the namespace /project (contract,
// socket-events.md section 5).
func (m *Module) Sockets(rt *realtime.Server) {
	ns := rt.Project()
	ns.UseEvent(m.once)
	rt.OpenToVisitors(RuleOf(Follow).Events...)
	socketio.On(ns, "join_project_room", m.joinRoom)
	socketio.On(ns, "sync_project", m.sync)
	socketio.On(ns, "edit_project_name_and_desc", m.onEdit)
	socketio.On(ns, "change_project_visibility", m.onSetVisibility)
	socketio.On(ns, "change_project_owner", m.onTransfer)
	socketio.On(ns, "delete_project", m.onDelete)
	socketio.On(ns, "add_friend_to_project", m.onAddFriend)
	socketio.On(ns, "list_addable_friends", m.onListFriends)
	socketio.On(ns, "change_user_role", m.onSetRole)
	socketio.On(ns, "remove_user_from_project", m.onRemove)
	socketio.On(ns, "list_invite_links", m.onListLinks)
	socketio.On(ns, "renew_invite_link", m.onRenewLink)
	socketio.On(ns, "switch_invite_link", m.onSwitchLink)
}

// joinRoom asks the database every time, also after a reconnect. It asks once
// more when the socket is in the room: whoever lost the right in between was
// evicted before they came in.
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
	return realtime.OK{"rev": rev}, nil
}

// syncProject asks for what a client missed.
type syncProject struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	SinceRev  *int64      `json:"sinceRev" event:"required"`
}

func (m *Module) sync(ctx context.Context, _ *socketio.Socket, in syncProject) (any, error) {
	events, rev, complete, err := m.Missed(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), *in.SinceRev)
	if err != nil {
		return nil, err
	}
	if !complete {
		return realtime.OK{"rev": rev, "reset": true}, nil
	}
	if events == nil {
		events = []realtime.Event{}
	}
	return realtime.OK{"rev": rev, "events": events}, nil
}

// refusing sends old clients the contract's event for an answer they have a
// text for.
func refusing(s *socketio.Socket, event string, err error, field string) error {
	var e *errs.Error
	if errors.As(err, &e) && e.Fields[field].Key != "" {
		_ = s.Emit(event) // a socket that has gone needs no answer
	}
	return err
}

// done is the acknowledgement of a change with its number.
func done(rev int64, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

type editProject struct {
	ID   socketio.ID `json:"id" event:"required"`
	Name *string     `json:"name" event:"required"`
	Desc *string     `json:"projectDesc" event:"required"`
	Base struct {
		Name *string `json:"name"`
		Desc *string `json:"projectDesc"`
	} `json:"base"`
}

func (m *Module) onEdit(ctx context.Context, s *socketio.Socket, in editProject) (any, error) {
	rev, err := m.Edit(realtime.ConfirmingTo(ctx, s, "edit_project_name_and_desc_successful"), accounts.ActorFrom(ctx), int64(in.ID),
		Edit{Name: *in.Name, Desc: normalNewlines(*in.Desc), Base: Base(in.Base)})
	if e := errs.As(err); err != nil && e.Kind == errs.Conflict && e.Current == nil {
		err = refusing(s, "edit_project_name_and_desc_error_owner_has_already_project_with_that_name", err, "name")
	}
	return done(rev, err)
}

type setVisibility struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	Value     *string     `json:"value" event:"required"`
}

func (m *Module) onSetVisibility(ctx context.Context, s *socketio.Socket, in setVisibility) (any, error) {
	return done(m.SetVisibility(realtime.ConfirmingTo(ctx, s, "successfully_changed_project_visibility"), accounts.ActorFrom(ctx),
		int64(in.ProjectID), Visibility(*in.Value)))
}

type transferProject struct {
	ProjectID   socketio.ID `json:"projectId" event:"required"`
	NameOrEmail *string     `json:"nameOrEmail" event:"required,max=128"`
}

func (m *Module) onTransfer(ctx context.Context, s *socketio.Socket, in transferProject) (any, error) {
	err := m.Transfer(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), *in.NameOrEmail)
	return nil, refusing(s, "change_project_owner_error_invalid_target", err, "nameOrEmail")
}

type deleteProject struct {
	ID          socketio.ID `json:"id" event:"required"`
	ConfirmName *string     `json:"confirmName" event:"max=128"`
}

func (m *Module) onDelete(ctx context.Context, _ *socketio.Socket, in deleteProject) (any, error) {
	return nil, m.Delete(ctx, accounts.ActorFrom(ctx), int64(in.ID), in.ConfirmName)
}

type addFriend struct {
	ProjectID   socketio.ID `json:"projectId" event:"required"`
	NameOrEmail *string     `json:"friendNameOrEmail" event:"required,max=128"`
	Role        Role        `json:"role"`
}

func (m *Module) onAddFriend(ctx context.Context, s *socketio.Socket, in addFriend) (any, error) {
	rev, err := m.AddFriend(realtime.ConfirmingTo(ctx, s, "successfully_added_friend_to_project"), accounts.ActorFrom(ctx),
		int64(in.ProjectID), *in.NameOrEmail, in.Role)
	return done(rev, refusing(s, "add_friend_to_project_error_invalid_target", err, "friendNameOrEmail"))
}

type ofProject struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
}

func (m *Module) onListFriends(ctx context.Context, _ *socketio.Socket, in ofProject) (any, error) {
	friends, err := m.AddableFriends(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID))
	if err != nil {
		return nil, err
	}
	people := make([]map[string]any, len(friends))
	for i, f := range friends {
		people[i] = map[string]any{"id": f.ID, "name": f.Name, "picUrl": f.PicURL, "goToUrl": f.GoToURL}
	}
	return realtime.OK{"people": people}, nil
}

type setRole struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	UserID    socketio.ID `json:"userId" event:"required"`
	Role      Role        `json:"newRole"`
}

func (m *Module) onSetRole(ctx context.Context, s *socketio.Socket, in setRole) (any, error) {
	return done(m.SetRole(realtime.ConfirmingTo(ctx, s, "successfully_changed_user_role"), accounts.ActorFrom(ctx),
		int64(in.ProjectID), int64(in.UserID), in.Role))
}

type removeUser struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	UserID    socketio.ID `json:"userId" event:"required"`
}

func (m *Module) onRemove(ctx context.Context, s *socketio.Socket, in removeUser) (any, error) {
	by := accounts.ActorFrom(ctx)
	event := "successfully_removed_project_collab"
	if int64(in.UserID) == by.UserID {
		event = "successfully_left_project"
	}
	return done(m.Remove(realtime.ConfirmingTo(ctx, s, event), by, int64(in.ProjectID), int64(in.UserID)))
}

// link is an invitation link as scripts know it.
func (m *Module) link(l InviteLink) map[string]any {
	return map[string]any{"role": l.Role, "on": l.On, "link": m.kit.PublicURL + "/invite/" + l.Code}
}

func (m *Module) links(all []InviteLink) []map[string]any {
	described := make([]map[string]any, len(all))
	for i, l := range all {
		described[i] = m.link(l)
	}
	return described
}

func (m *Module) onListLinks(ctx context.Context, _ *socketio.Socket, in ofProject) (any, error) {
	links, err := m.InviteLinks(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"links": m.links(links)}, nil
}

type renewLink struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	Role      Role        `json:"role"`
}

func (m *Module) onRenewLink(ctx context.Context, _ *socketio.Socket, in renewLink) (any, error) {
	l, err := m.RenewInviteLink(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), in.Role)
	if err != nil {
		return nil, err
	}
	return realtime.OK(m.link(l)), nil
}

type switchLink struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	Role      Role        `json:"role"`
	On        *bool       `json:"on" event:"required"`
}

func (m *Module) onSwitchLink(ctx context.Context, _ *socketio.Socket, in switchLink) (any, error) {
	return nil, m.SwitchInviteLink(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), in.Role, *in.On)
}
