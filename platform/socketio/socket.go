package socketio

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// The reasons of a disconnection, as OnDisconnect and the metrics name them.
const (
	ReasonClient         = "client namespace disconnect" // the client left the namespace
	ReasonServer         = "server namespace disconnect" // Socket.Disconnect
	ReasonTransportClose = "transport close"             // the client has closed its end
	ReasonTransportError = "transport error"             // reading or writing failed
	ReasonPingTimeout    = "ping timeout"                // heartbeat overdue
	ReasonProtocol       = "parse error"                 // the client broke the protocol
	ReasonTooLarge       = "payload too large"           // a message above Limits.MaxPayload
	ReasonQueueFull      = "queue full"                  // slow reader
	ReasonBudget         = "buffers full"                // see Limits.AddressBuffered
	ReasonTooSlow        = "message too slow"            // see Limits.BodyTimeout
	ReasonWriteTimeout   = "write timeout"               // slow reader
	ReasonConnectTimeout = "connect timeout"             // never entered a namespace
	ReasonIdle           = "idle"                        // Options.IdleTimeout
	ReasonForced         = "forced close"                // Socket.Close
	ReasonShutdown       = "server shutting down"        // Server.Drain or Close
)

// Socket is one client in one namespace. Its methods may be called from any
// goroutine, and after it has left.
type Socket struct {
	ns   *Namespace
	conn *conn
	id   string

	rooms []membership // guarded by ns.mu
	off   bool         // not on the connection any more; guarded by conn.mu

	mu        sync.Mutex
	state     socketState
	recovered bool
	pid       string // secret with which the client may recover this session
	query     string
	auth      json.RawMessage
	data      map[string]any
	acks      map[uint64]chan Event
	ctx       context.Context
	cancel    context.CancelFunc
	lastRooms []string
}

type socketState uint8

const (
	socketNew socketState = iota
	socketConnected
	socketGone
)

// ID names the socket in its namespace and is a room of its own. For clients
// of protocol 4 it is what the client computes for itself.
func (s *Socket) ID() string { return s.id }

// ConnID names the connection, which a client's namespaces share. It is a
// secret between the client and this server: do not show it to others.
func (s *Socket) ConnID() string { return s.conn.id }

// Namespace is where the socket is.
func (s *Socket) Namespace() *Namespace { return s.ns }

// Protocol is the client's revision of Engine.IO: 3 or 4.
func (s *Socket) Protocol() int { return int(s.conn.eio) }

// Request is a copy of the handshake request: method, URL, Host, RemoteAddr
// and headers, without body and with the context of Context. See
// Options.KeepHandshake.
func (s *Socket) Request() *http.Request {
	c := s.conn
	c.mu.Lock()
	kept := c.handshake
	c.mu.Unlock()
	return kept.request(s.Context())
}

// Query holds the parameters with which a client of protocol 4 asked for this
// namespace ("/project?token=1"); for the others those of the handshake.
func (s *Socket) Query() url.Values {
	s.mu.Lock()
	q := s.query
	s.mu.Unlock()
	if q == "" {
		s.conn.mu.Lock()
		kept := s.conn.handshake
		s.conn.mu.Unlock()
		return kept.query()
	}
	values, err := url.ParseQuery(q)
	if err != nil {
		return url.Values{}
	}
	return values
}

// Auth is the payload with which a client of protocol 5 asked for the
// namespace; nil if there was none.
func (s *Socket) Auth() json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.auth
}

// Recovered says that the socket is one that was lost and has come back with
// its id, rooms and data, and has received all it missed.
func (s *Socket) Recovered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recovered
}

// Connected says whether the socket is in its namespace now.
func (s *Socket) Connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == socketConnected
}

// Context ends when the socket leaves. Its values are those of the context
// that AllowRequest returned.
func (s *Socket) Context() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		s.ctx, s.cancel = context.WithCancel(s.conn.context())
		if s.state == socketGone {
			s.cancel()
		}
	}
	return s.ctx
}

// Set keeps a value with the socket.
func (s *Socket) Set(key string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil {
		s.data = make(map[string]any, 1)
	}
	s.data[key] = value
}

// Get gives what Set kept, or nil.
func (s *Socket) Get(key string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data[key]
}

// To addresses the sockets in any of the rooms, except this one.
func (s *Socket) To(rooms ...string) Target { return s.ns.To(rooms...).Except(s.id) }

// Emit sends an event to this socket. It returns an encoding error, or
// ErrDisconnected. With Options.Recovery, what is emitted to a socket whose
// connection was lost is kept for its return.
func (s *Socket) Emit(event string, args ...any) error { return s.emit(event, args, false) }

// EmitVolatile is Emit, except that the event is dropped when the client has
// something waiting already.
func (s *Socket) EmitVolatile(event string, args ...any) error { return s.emit(event, args, true) }

// EmitWithAck sends an event and waits for the client's acknowledgement until
// ctx ends or the socket leaves (ErrDisconnected). Call gives access to binary
// attachments too.
func (s *Socket) EmitWithAck(ctx context.Context, event string, args ...any) ([]json.RawMessage, error) {
	reply, err := s.Call(ctx, event, args...)
	return reply.Args, err
}

// Disconnect takes the socket out of its namespace and notifies the client, which
// does not reconnect by itself.
func (s *Socket) Disconnect() { s.leave(ReasonServer, true) }

// Close closes the whole connection. The client reconnects by itself.
func (s *Socket) Close() { s.conn.close(ReasonForced) }

// ageSince is the time since a monotonic reading of now.
func ageSince(at int64) time.Duration { return time.Duration(now() - at) }
