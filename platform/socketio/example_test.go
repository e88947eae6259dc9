package socketio_test

import (
	"context"
	"fmt"
	"net/http"

	"taskstack.org/platform/socketio"
)

type message struct {
	Room socketio.ID `json:"room"` // 7 or "7"
	Text string      `json:"text"`
}

// A chat: the whole server. http.ListenAndServe(":3000", srv) would serve it.
func Example() {
	srv, err := socketio.New(socketio.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	chat := srv.Of("/chat")
	socketio.On(chat, "join", func(_ context.Context, s *socketio.Socket, room socketio.ID) (any, error) {
		s.Join("room " + room.String())
		return map[string]bool{"ok": true}, nil
	})
	socketio.On(chat, "say", func(_ context.Context, s *socketio.Socket, in message) (any, error) {
		return nil, s.To("room "+in.Room.String()).Emit("said", in.Text)
	})

	http.NewServeMux().Handle("/socket.io/", srv)
	fmt.Println(srv.Close(context.Background()))
	// Output: <nil>
}

type user struct{}

// Who may connect is decided once, by the handshake request; what it finds out
// is in the context of every event.
func ExampleOptions_allowRequest() {
	srv, err := socketio.New(socketio.Options{
		AllowRequest: func(r *http.Request) (context.Context, error) {
			name, _, ok := r.BasicAuth()
			if !ok {
				return nil, &socketio.RefuseError{Status: http.StatusUnauthorized, Body: `"Unauthorized"`, Reason: "unauthenticated"}
			}
			return context.WithValue(r.Context(), user{}, name), nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	socketio.On(srv.Of("/"), "whoami", func(ctx context.Context, _ *socketio.Socket, _ socketio.NoArgs) (any, error) {
		return ctx.Value(user{}), nil
	})
	fmt.Println(srv.Close(context.Background()))
	// Output: <nil>
}

// Around every event of a namespace: here, a line for each.
func ExampleNamespace_UseEvent() {
	srv, err := socketio.New(socketio.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	srv.Of("/").UseEvent(func(ctx context.Context, s *socketio.Socket, ev socketio.Event, next func(context.Context) (any, error)) (any, error) {
		value, err := next(ctx)
		fmt.Println(ev.Name, ev.Size, err)
		return value, err
	})
	fmt.Println(srv.Close(context.Background()))
	// Output: <nil>
}

// Asking a client, with an answer that has a file in it.
func ExampleSocket_Call() {
	srv, err := socketio.New(socketio.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	socketio.On(srv.Of("/"), "ready", func(ctx context.Context, s *socketio.Socket, _ socketio.NoArgs) (any, error) {
		reply, err := s.Call(ctx, "picture", "small")
		if err != nil {
			return nil, err
		}
		var picture socketio.Binary
		if err := reply.Decode(0, &picture); err != nil {
			return nil, err
		}
		return len(picture), nil
	})
	fmt.Println(srv.Close(context.Background()))
	// Output: <nil>
}
