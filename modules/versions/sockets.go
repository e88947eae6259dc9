package versions

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the event by which a window asks for earlier texts.
func (m *Module) Sockets(rt *realtime.Server) {
	socketio.On(rt.Project(), "read_versions", m.onRead)
}

type readVersions struct {
	ProjectID socketio.ID       `json:"projectId"`
	Kind      projects.TextKind `json:"kind"`
	ID        socketio.ID       `json:"id"`
}

func (m *Module) onRead(ctx context.Context, _ *socketio.Socket, in readVersions) (any, error) {
	if in.ProjectID == 0 || in.ID == 0 {
		return nil, errs.Of(errs.Invalid)
	}
	all, err := m.Of(ctx, accounts.ActorFrom(ctx), int64(in.ProjectID), in.Kind, int64(in.ID))
	if err != nil {
		return nil, err
	}
	return realtime.OK{"versions": all}, nil
}
