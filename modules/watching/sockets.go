package watching

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets registers the event of watching.
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.boards, rt, "watch", projects.ReadHistory, m.onWatch)
}

type incoming struct {
	projects.Target
	Kind projects.Subject `json:"kind" event:"required"`
	ID   socketio.ID      `json:"id" event:"required"`
	On   *bool            `json:"on" event:"required"`
}

func (m *Module) onWatch(ctx context.Context, r projects.Request, in incoming) (projects.Reply, error) {
	all, err := m.Set(ctx, r, in.Kind, int64(in.ID), *in.On)
	if err != nil {
		return nil, err
	}
	return projects.Reply{"watched": all}, nil
}
