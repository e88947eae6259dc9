package main

import (
	"context"
	"net/http"

	"taskstack.org/platform/socketio"
)

// news is the event's payload, decoded and encoded again as a module would.
type news struct {
	Seq int    `json:"seq"`
	At  int64  `json:"at"`
	Pad string `json:"pad"`
}

func ours() (http.Handler, error) {
	// The limits per address are off because all load comes from one.
	srv, err := socketio.New(socketio.Options{Limits: socketio.Limits{
		ConnectionsPerAddress: -1, HandshakesPerSecond: -1, HandshakeBurst: -1,
		EventsPerSecond: -1, EventBurst: -1, BytesPerSecond: -1, ByteBurst: -1,
	}})
	if err != nil {
		return nil, err
	}
	ns := srv.Of("/")
	ns.OnConnect(func(_ context.Context, s *socketio.Socket) { s.Join("room") })
	socketio.On(ns, "say", func(_ context.Context, _ *socketio.Socket, in news) (any, error) {
		return nil, ns.To("room").Emit("news", in)
	})
	socketio.On(ns, "hello", func(context.Context, *socketio.Socket, socketio.NoArgs) (any, error) {
		return "welcome", nil
	})
	return srv, nil
}
