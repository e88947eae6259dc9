package presence

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the event presence, and counts sockets that join a board's room.
func (m *Module) Sockets(rt *realtime.Server) {
	rt.Of(projects.Namespace).OnDisconnect(func(_ context.Context, s *socketio.Socket, _ string) { m.connections.remove(socketID(s.ID())) })
	m.boards.OnJoined(func(r projects.Request) { m.connections.add(r.ProjectID, socketID(r.SocketID()), r.By.UserID) })
	projects.On(m.boards, rt, "presence", projects.Follow, m.onPresence)
	m.boards.OnEvicted(func(ctx context.Context, projectID int64) {
		if err := m.retainThoseInRoom(ctx, projectID); err != nil {
			m.log.WarnContext(ctx, "removed people are on their board for a moment", "project", projectID, "error", err)
		}
	})
}

type present struct {
	projects.Target
	State State `json:"state"`
}

// onPresence returns the people on a board to a client that may follow it now: one
// that was just removed gets nothing. Only sockets in the room count.
func (m *Module) onPresence(ctx context.Context, r projects.Request, in present) (projects.Reply, error) {
	if !in.State.valid() {
		return nil, errs.Field("state", "presence.error.state")
	}
	if _, err := m.boards.Require(ctx, r.By, r.ProjectID, projects.Follow); err != nil {
		return nil, err
	}
	m.connections.set(r.ProjectID, socketID(r.SocketID()), in.State)
	now := m.On(r.ProjectID)
	return projects.Reply{"people": now.People, "visitors": now.Visitors}, nil
}
