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

// onPresence answers who is there. Whoever is in the room has been asked for
// the right to it; somebody else may have it too, but is not there.
func (m *Module) onPresence(ctx context.Context, s *socketio.Socket, in present) (any, error) {
	if !in.State.valid() {
		return nil, errs.Field("state", "presence.error.state")
	}
	if !m.seats.set(int64(in.ProjectID), socketID(s.ID()), in.State) {
		if _, err := m.boards.Require(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), projects.Follow); err != nil {
			return nil, err
		}
	}
	now := m.On(int64(in.ProjectID))
	return realtime.OK{"people": now.People, "visitors": now.Visitors}, nil
}
