package home

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the event by which a page asks for the badge's number after it has
// connected.
func (m *Module) Sockets(rt *realtime.Server) {
	accounts.On(rt, "count_notifications", m.onCount)
}

func (m *Module) onCount(ctx context.Context, by accounts.Actor, _ socketio.NoArgs) (realtime.OK, error) {
	n, err := m.BadgeCount(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	return realtime.OK{"count": n}, nil
}
