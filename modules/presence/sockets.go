package presence

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets lets whoever joins a board's room be seen there, and take it back.
func (m *Module) Sockets(rt *realtime.Server) {
	ns := rt.Project()
	ns.UseEvent(m.seeJoin)
	ns.OnDisconnect(func(_ context.Context, s *socketio.Socket, _ string) { m.seats.leave(socketID(s.ID())) })
	socketio.On(ns, "presence", m.onPresence)
	rt.OpenToVisitors("presence")
	rt.OnEvicted(func(ctx context.Context, projectID int64) {
		if err := m.keepThoseInRoom(ctx, projectID); err != nil {
			m.log.WarnContext(ctx, "evicted people are on their board for a moment", "project", projectID, "error", err)
		}
	})
}

// seeJoin gives a seat to everybody who gets into a board's room, old clients
// too, which know nothing of presence.
func (m *Module) seeJoin(ctx context.Context, s *socketio.Socket, ev socketio.Event, next func(context.Context) (any, error)) (any, error) {
	value, err := next(ctx)
	if err != nil || ev.Name != "join_project_room" {
		return value, err
	}
	var id socketio.ID
	if ev.Decode(0, &id) == nil {
		m.seats.sit(int64(id), socketID(s.ID()), accounts.ActorFrom(ctx).UserID)
	}
	return value, nil
}

type present struct {
	ProjectID socketio.ID `json:"projectId" event:"required"`
	State     State       `json:"state"`
}

// onPresence answers who is there, to those who may follow the board now: a
// connection that was evicted a moment ago learns nothing more. Only who is in the
// room is there.
func (m *Module) onPresence(ctx context.Context, s *socketio.Socket, in present) (any, error) {
	if !in.State.valid() {
		return nil, errs.Field("state", "presence.error.state")
	}
	if _, err := m.boards.Require(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), projects.Follow); err != nil {
		return nil, err
	}
	m.seats.set(int64(in.ProjectID), socketID(s.ID()), in.State)
	now := m.On(int64(in.ProjectID))
	return realtime.OK{"people": now.People, "visitors": now.Visitors}, nil
}
