package revisions

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the event that reads the replaced texts of an item.
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.boards, rt, "read_versions", projects.Write, m.onRead)
}

type readVersions struct {
	projects.Target
	Kind projects.TextKind `json:"kind"`
	ID   socketio.ID       `json:"id" event:"required"`
}

func (m *Module) onRead(ctx context.Context, r projects.Request, in readVersions) (projects.Reply, error) {
	all, err := m.Of(ctx, r.By, r.ProjectID, in.Kind, int64(in.ID))
	if err != nil {
		return nil, err
	}
	return projects.Reply{"versions": all}, nil
}
