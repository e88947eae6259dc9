package projects

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the project's own events of the namespace /project.
func (m *Module) Sockets(rt *realtime.Server) {
	rt.Project().UseEvent(m.once)
	socketio.On(rt.Project(), "join_project_room", m.joinRoom)
	socketio.On(rt.Project(), "sync_project", m.sync)
}

// joinRoom asks the database every time, also after a reconnect.
func (m *Module) joinRoom(ctx context.Context, s *socketio.Socket, id socketio.ID) (any, error) {
	in, err := m.Require(ctx, accounts.ActorFrom(ctx), int64(id), Follow)
	if err != nil {
		return nil, err
	}
	rev, err := m.streams.Join(ctx, s, in.ID)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"rev": rev}, nil
}

// syncProject asks for what a client missed.
type syncProject struct {
	ProjectID socketio.ID `json:"projectId"`
	SinceRev  *int64      `json:"sinceRev"`
}

func (m *Module) sync(ctx context.Context, _ *socketio.Socket, in syncProject) (any, error) {
	if in.SinceRev == nil {
		return nil, errs.Of(errs.Invalid)
	}
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
