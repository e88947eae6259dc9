package friends

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events about requests (contract, socket-events.md section
// 4).
func (m *Module) Sockets(rt *realtime.Server) {
	accounts.On(rt, "accept_freq", m.onAccept)
	accounts.On(rt, "dont_accept_freq", m.onDecline)
}

// requestID names a request to the person who sends the event.
type requestID struct {
	ID socketio.ID `json:"id" event:"required"`
}

func (m *Module) onAccept(ctx context.Context, by accounts.Actor, in requestID) (realtime.OK, error) {
	return nil, m.Accept(ctx, by, int64(in.ID))
}

func (m *Module) onDecline(ctx context.Context, by accounts.Actor, in requestID) (realtime.OK, error) {
	return nil, m.Decline(ctx, by, int64(in.ID))
}
