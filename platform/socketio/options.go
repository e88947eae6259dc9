package socketio

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options configure a Server. The zero value is usable.
type Options struct {
	// Path is the URL path the server answers on; default "/socket.io/".
	Path string
	// PingInterval is the pause between heartbeats; default 25 s.
	PingInterval time.Duration
	// PingTimeout is how long a heartbeat may be overdue before the
	// connection is closed; default 60 s.
	PingTimeout time.Duration
	// UpgradeTimeout is how long a WebSocket opened for an upgrade may take to
	// become the session's transport; default 10 s.
	UpgradeTimeout time.Duration
	// ConnectTimeout is how long a connection may exist without being in any
	// namespace; default 45 s.
	ConnectTimeout time.Duration
	// IdleTimeout closes a connection that has sent and received no event for
	// so long; zero means never.
	IdleTimeout time.Duration
	// WriteTimeout is how long a client may leave its receive window shut
	// while data waits; default 20 s.
	WriteTimeout time.Duration

	// AllowRequest decides about a handshake before anything is allocated for
	// it. An error refuses it; *RefuseError chooses the HTTP answer. The values
	// of the context that it returns (nil: none) are seen by all events of the
	// connection; its deadline and cancellation are not taken over.
	AllowRequest func(r *http.Request) (context.Context, error)
	// CheckOrigin decides about requests that carry an Origin header; nil
	// allows the origins whose host is the request's own. What it allows gets
	// CORS headers with credentials.
	CheckOrigin func(r *http.Request) bool
	// ClientAddr gives the address that per-address limits count; nil takes
	// the host of r.RemoteAddr. Behind a proxy, give a function that reads the
	// forwarded address from trusted proxies only.
	ClientAddr func(r *http.Request) string
	// Ack makes the one argument of an acknowledgement that the client asked
	// for, from what the event's chain returned. Nil: a value stands for
	// itself, nil for no argument, an error for {"error": "internal"}.
	Ack func(ctx context.Context, value any, err error) any
	// Logger gets one line per refused class and per fault; nil discards.
	Logger *slog.Logger
	// Limits bound what clients can cost.
	Limits Limits
	// Compression offers permessage-deflate (without context takeover) to
	// WebSocket clients. It costs CPU and memory and is off by default.
	Compression bool
	// PollingOnly makes the server offer no upgrade and refuse WebSockets.
	PollingOnly bool
	// Recovery switches connection state recovery (clients 4.6 and newer) on.
	Recovery Recovery
	// Adapter connects the rooms of several servers; nil means this is the
	// only one.
	Adapter Adapter
}

// Recovery lets clients of version 4.6 and newer come back after a short loss
// of connection with their id, rooms and data, and receive what they missed.
type Recovery struct {
	// MaxAge is how long a lost session and the events for it are kept; zero
	// switches recovery off.
	MaxAge time.Duration
	// MaxEvents and MaxBytes bound the events kept per namespace; defaults
	// 10,000 and 16 MiB. A client that misses more connects as a new one.
	MaxEvents int
	MaxBytes  int
}

// Limits bound what one client, or all clients of one address, can cost. Zero
// means the default, a negative number no limit. A client above a rate is
// slowed down by not reading from it; above a size, it is closed.
type Limits struct {
	// MaxPayload is the size in bytes of a WebSocket message, of an HTTP body
	// and of all attachments of an event together; default 1 MiB. Clients of
	// protocol 5 are told.
	MaxPayload int
	// MaxAttachments is the number of attachments of one event; default 64.
	MaxAttachments int
	// MaxDepth is the nesting of arrays and objects in a packet; default 64.
	MaxDepth int
	// EventsPerSecond and EventBurst bound the packets of one connection;
	// defaults 500 and 1000.
	EventsPerSecond, EventBurst int
	// BytesPerSecond and ByteBurst bound the received bytes of one
	// connection; defaults 8 MiB and 16 MiB.
	BytesPerSecond, ByteBurst int
	// MaxNamespaces is the number of namespaces one connection may be in at a
	// time; default 16.
	MaxNamespaces int
	// MaxQueuedMessages and MaxQueuedBytes bound what waits for a client that
	// does not read; defaults 1024 and 4 MiB. One message of any size fits in
	// an empty queue.
	MaxQueuedMessages, MaxQueuedBytes int
	// MaxPendingEvents is the number of received events that may wait behind
	// a running handler before reading pauses; default 64.
	MaxPendingEvents int
	// MaxConnections is the number of connections; default 100,000.
	MaxConnections int
	// ConnectionsPerAddress is the same for one address; default 2,000.
	ConnectionsPerAddress int
	// HandshakesPerSecond and HandshakeBurst bound the handshakes of one
	// address; defaults 100 and 1,000.
	HandshakesPerSecond, HandshakeBurst int
	// BodyTimeout is how long the body of a POST may take; default 30 s.
	BodyTimeout time.Duration
}

// noLimit stands for "unlimited" in arithmetic.
const noLimit = 1 << 40

func (o Options) withDefaults() (Options, error) {
	if o.Path == "" {
		o.Path = "/socket.io/"
	}
	if !strings.HasPrefix(o.Path, "/") {
		return o, fmt.Errorf("socketio: path %q does not begin with a slash", o.Path)
	}
	durations := []struct {
		p   *time.Duration
		def time.Duration
	}{
		{&o.PingInterval, 25 * time.Second},
		{&o.PingTimeout, 60 * time.Second},
		{&o.UpgradeTimeout, 10 * time.Second},
		{&o.ConnectTimeout, 45 * time.Second},
		{&o.WriteTimeout, 20 * time.Second},
		{&o.Limits.BodyTimeout, 30 * time.Second},
	}
	for _, d := range durations {
		if *d.p < 0 {
			return o, fmt.Errorf("socketio: negative duration %v", *d.p)
		}
		if *d.p == 0 {
			*d.p = d.def
		}
	}
	if o.CheckOrigin == nil {
		o.CheckOrigin = sameOrigin
	}
	if o.ClientAddr == nil {
		o.ClientAddr = remoteHost
	}
	if o.Ack == nil {
		o.Ack = defaultAck
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Limits.setDefaults()
	o.Recovery.setDefaults()
	return o, nil
}

func (l *Limits) setDefaults() {
	for _, d := range []struct {
		p   *int
		def int
	}{
		{&l.MaxPayload, 1 << 20},
		{&l.MaxAttachments, 64},
		{&l.MaxDepth, 64},
		{&l.EventsPerSecond, 500},
		{&l.EventBurst, 1000},
		{&l.BytesPerSecond, 8 << 20},
		{&l.ByteBurst, 16 << 20},
		{&l.MaxNamespaces, 16},
		{&l.MaxQueuedMessages, 1024},
		{&l.MaxQueuedBytes, 4 << 20},
		{&l.MaxPendingEvents, 64},
		{&l.MaxConnections, 100_000},
		{&l.ConnectionsPerAddress, 2000},
		{&l.HandshakesPerSecond, 100},
		{&l.HandshakeBurst, 1000},
	} {
		switch {
		case *d.p == 0:
			*d.p = d.def
		case *d.p < 0:
			*d.p = noLimit
		}
	}
}

func (r *Recovery) setDefaults() {
	if r.MaxEvents <= 0 {
		r.MaxEvents = 10_000
	}
	if r.MaxBytes <= 0 {
		r.MaxBytes = 16 << 20
	}
}

func defaultAck(_ context.Context, value any, err error) any {
	if err != nil {
		return map[string]string{"error": "internal"}
	}
	return value
}

func sameOrigin(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
