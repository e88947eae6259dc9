package main

import (
	"net/http"
	"time"

	"github.com/zishang520/socket.io/servers/socket/v3"
)

func zishang() (http.Handler, error) {
	opts := socket.DefaultServerOptions()
	opts.SetAllowEIO3(true)
	opts.SetServeClient(false)
	opts.SetPingInterval(25 * time.Second)
	opts.SetPingTimeout(60 * time.Second)
	srv := socket.NewServer(nil, opts)
	err := srv.On("connection", func(clients ...any) {
		client, ok := clients[0].(*socket.Socket)
		if !ok {
			return
		}
		client.Join("room")
		_ = client.On("say", func(args ...any) { srv.To("room").Emit("news", args...) })
		_ = client.On("hello", func(args ...any) {
			if ack, ok := args[len(args)-1].(socket.Ack); ok {
				ack([]any{"welcome"}, nil)
			}
		})
	})
	return srv.ServeHandler(nil), err
}
