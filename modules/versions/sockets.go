package versions

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the event by which a window asks for earlier texts.
func (m *Module) Sockets(rt *realtime.Server) {
	socketio.On(rt.Project(), "read_versions", m.onRead)
}

type readVersions struct {
	ProjectID socketio.ID       `json:"projectId" event:"required"`
	Kind      projects.TextKind `json:"kind"`
	ID        socketio.ID       `json:"id" event:"required"`
}

func (m *Module) onRead(ctx context.Context, _ *socketio.Socket, in readVersions) (any, error) {
	all, err := m.Of(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), in.Kind, int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"versions": all}, nil
}
