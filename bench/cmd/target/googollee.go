package main

import (
	"net/http"

	googolleeio "github.com/googollee/go-socket.io"
)

func googollee() (http.Handler, error) {
	srv := googolleeio.NewServer(nil)
	srv.OnConnect("/", func(c googolleeio.Conn) error {
		c.Join("room")
		return nil
	})
	srv.OnEvent("/", "say", func(_ googolleeio.Conn, in news) {
		srv.BroadcastToRoom("/", "room", "news", in)
	})
	srv.OnEvent("/", "hello", func(googolleeio.Conn) string { return "welcome" })
	srv.OnError("/", func(googolleeio.Conn, error) {})
	srv.OnDisconnect("/", func(googolleeio.Conn, string) {})
	go func() { _ = srv.Serve() }()
	return srv, nil
}
