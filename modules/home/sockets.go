package home

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the event by which a page whose connection was lost asks what it
// has missed.
func (m *Module) Sockets(rt *realtime.Server) {
	socketio.On(rt.Root(), "count_notifications", m.onCount)
}

func (m *Module) onCount(ctx context.Context, _ *socketio.Socket, _ socketio.NoArgs) (any, error) {
	n, err := m.CountNew(ctx, accounts.ActorFrom(ctx).UserID)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"count": n}, nil
}
