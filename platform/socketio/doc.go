// Package socketio is a Socket.IO server for both living generations of the
// protocol: Engine.IO 3 with Socket.IO protocol 4 (JavaScript clients 1.x and
// 2.x) and Engine.IO 4 with Socket.IO protocol 5 (clients 3.x and 4.x), on one
// path, over HTTP long polling and WebSocket.
//
// A Server is an http.Handler. Namespaces are made with Server.Of before the
// first request; an unregistered namespace is refused. Handlers are typed:
//
//	board := srv.Of("/board")
//	socketio.On(board, "move", func(ctx context.Context, s *socketio.Socket, in Move) (any, error) {
//		…
//		return result, board.To("room").Emit("moved", in)
//	})
//
// What holds for every program that uses it:
//
//   - The packets of one connection are handled one at a time and in the order
//     in which they came. Different connections run in parallel.
//   - What one goroutine emits arrives at each socket in the order in which it
//     was emitted, whether it went to the socket or to a room. Two emits to the
//     same single room reach all its members in the same order.
//   - Emit never blocks on a client. What a client does not read waits in its
//     own bounded queue; when that is full, that connection is closed.
//   - No input reaches further than its own connection: every size and rate is
//     bounded by Limits, and a handler that panics becomes an error of its event.
//   - An event that was received is carried out even if its sender has left: the
//     context of a handler ends only when the server is closed for good.
//     Socket.Context is the one that ends when the socket leaves.
//
// The package keeps nothing global and knows nothing of the program around it.
package socketio
