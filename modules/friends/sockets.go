package friends

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets adds the events about requests (contract, socket-events.md section
// 4), and withdraw_freq, which old clients do not know.
func (m *Module) Sockets(rt *realtime.Server) {
	socketio.On(rt.Root(), "accept_freq", m.onAccept)
	socketio.On(rt.Root(), "dont_accept_freq", m.onDecline)
	socketio.On(rt.Root(), "withdraw_freq", m.onWithdraw)
}

// requestID names a request to the person who sends the event.
type requestID struct {
	ID socketio.ID `json:"id"`
}

func (m *Module) onAccept(ctx context.Context, _ *socketio.Socket, in requestID) (any, error) {
	if in.ID == 0 {
		return nil, errs.Of(errs.Invalid)
	}
	return nil, m.Accept(ctx, accounts.ActorFrom(ctx), int64(in.ID))
}

func (m *Module) onDecline(ctx context.Context, _ *socketio.Socket, in requestID) (any, error) {
	if in.ID == 0 {
		return nil, errs.Of(errs.Invalid)
	}
	return nil, m.Decline(ctx, accounts.ActorFrom(ctx), int64(in.ID))
}

// sentTo names a request of the person who sends the event, by Sent.To.
type sentTo struct {
	To string `json:"to"`
}

func (m *Module) onWithdraw(ctx context.Context, _ *socketio.Socket, in sentTo) (any, error) {
	if in.To == "" {
		return nil, errs.Of(errs.Invalid)
	}
	return nil, m.Withdraw(ctx, accounts.ActorFrom(ctx), in.To)
}
