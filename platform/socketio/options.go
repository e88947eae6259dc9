package socketio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"taskstack.org/platform/socketio/internal/parser"
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
	// ClientAddr gives the client's address; nil takes the host of
	// r.RemoteAddr. Behind a proxy, give a function that reads the forwarded
	// address from trusted proxies only. Limits per address count what
	// netaddr.Key makes of it, so all of an IPv6 /64 network together.
	ClientAddr func(r *http.Request) string
	// Trusted says, of the context that AllowRequest returned, whether the
	// connection gets Limits; others get Untrusted. Nil: all get
	// Limits.
	Trusted func(ctx context.Context) bool
	// Credential names the credential that a request carries, such as the
	// login of its cookie; empty if it has none. A session answers requests
	// only with the credential of the handshake that opened it. Nil: the
	// session id alone is enough. Requests of JSONP clients, which any page can
	// make in its visitor's name, carry none: they reach Credential and
	// AllowRequest without Cookie and Authorization headers.
	Credential func(r *http.Request) string
	// AllowEvent decides from its name whether a client may send an event,
	// before arguments or attachments are taken. It runs on the connection's
	// reading goroutine and must not wait. What it refuses goes through the
	// event chain without arguments, with Event.Refused set. Nil allows all
	// registered events.
	AllowEvent func(ctx context.Context, ns *Namespace, event string) error
	// KeepHandshake keeps the handshake request, and the query and payload of
	// CONNECT packets, for the connection's life. Without it Socket.Request,
	// Query and Auth are empty once the functions of OnConnect have run.
	KeepHandshake bool
	// Ack makes the argument of an acknowledgement that the client asked for,
	// or several as Args, from what the event's chain returned; NoAck sends
	// none. Nil: a value is the argument, nil is none, an event without a
	// handler is not acknowledged, any other error is {"error": "internal"}.
	Ack func(ctx context.Context, value any, err error) any
	// Logger gets one line per refused class and per fault; nil discards.
	Logger *slog.Logger
	// Limits bound what clients can cost; Untrusted bounds those that are not
	// Trusted. Its zero fields have defaults of their own, see Limits.
	Limits, Untrusted Limits
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
// slowed down by not reading from it; above a size, it is closed. Where two
// defaults are given, the second is that of Options.Untrusted.
type Limits struct {
	// MaxPayload is the size in bytes of an HTTP body and of an event with all
	// its attachments; default 1 MiB, 8 KiB. Clients of protocol 5 learn it.
	MaxPayload int
	// MaxText is the size of an event without its attachments; default
	// MaxPayload, which it never exceeds.
	MaxText int
	// MaxConnect is the size of a packet that is no event; default 4 KiB,
	// 1 KiB.
	MaxConnect int
	// MaxAttachments is the number of attachments of one event; default 64,
	// none.
	MaxAttachments int
	// MaxDepth is the nesting of arrays and objects in a packet; default 64, 16.
	MaxDepth int
	// MaxValues is the number of values in the JSON of a packet, counted by
	// its commas and opening brackets; default 50,000, 256.
	MaxValues int
	// MaxPackets is the number of packets in the body of a POST; default
	// 2,000, 64.
	MaxPackets int
	// EventsPerSecond and EventBurst bound the frames of one connection, or
	// its packets over polling, whatever they hold; defaults 500 and 1,000,
	// 20 and 100. AddressEventsPerSecond and AddressEventBurst do the same for
	// all connections of an address; defaults 5,000 and 20,000, 200 and 2,000.
	EventsPerSecond, EventBurst               int
	AddressEventsPerSecond, AddressEventBurst int
	// BytesPerSecond and ByteBurst bound the received bytes of one connection;
	// defaults 8 MiB and 16 MiB, 16 KiB and 64 KiB. AddressBytesPerSecond and
	// AddressByteBurst do the same for all connections of an address; defaults
	// 64 MiB and 256 MiB, 128 KiB and 1 MiB.
	BytesPerSecond, ByteBurst               int
	AddressBytesPerSecond, AddressByteBurst int
	// AddressBuffered bounds the bytes that the server keeps for all
	// connections of an address at a time: events that are arriving or wait
	// for their handler, and what waits for clients that do not read. Default:
	// half of Buffered, 4 MiB. Buffered bounds the same for all connections;
	// default a quarter, a sixteenth of the process's memory limit
	// (GOMEMLIMIT) or else of the machine's memory. A connection that needs
	// more than is left is closed.
	AddressBuffered, Buffered int
	// MaxNamespaces is the number of namespaces one connection may be in at a
	// time; default 16, 4.
	MaxNamespaces int
	// MaxQueuedMessages and MaxQueuedBytes bound what waits for a client that
	// does not read; defaults 1,024 and 4 MiB, 256 and 256 KiB. One message of
	// any size fits in an empty queue.
	MaxQueuedMessages, MaxQueuedBytes int
	// MaxPendingEvents is the number of received events that may wait behind
	// a running handler before reading pauses; default 1,024, 128. Their bytes
	// are bounded by MaxPayload. While a handler waits for an acknowledgement,
	// which may be behind them, only the bytes count. A client that is not
	// read from is not taken for silent.
	MaxPendingEvents int
	// MaxConnections is the number of connections; default 100,000, 20,000.
	MaxConnections int
	// ConnectionsPerAddress is the same for one address; default 2,000, 200.
	ConnectionsPerAddress int
	// HandshakesPerSecond and HandshakeBurst bound the handshakes of one
	// address. Those of Limits count all attempts, those of Untrusted the ones
	// that AllowRequest let in untrusted. Defaults 100 and 1,000, 20 and 200.
	HandshakesPerSecond, HandshakeBurst int
	// BodyTimeout is how long an event, or the body of a POST, may take to
	// arrive beyond what MinBytesPerSecond allows for its size; defaults 30 s
	// and 8 KiB, 10 s and 1 KiB. As long as it arrives so fast, the client is
	// alive, whether or not it answers pings.
	BodyTimeout       time.Duration
	MinBytesPerSecond int
}

// noLimit means "unlimited" in arithmetic.
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
		{&o.Untrusted.BodyTimeout, 10 * time.Second},
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
	o.Limits.setDefaults(trustedDefault)
	o.Untrusted.setDefaults(untrustedDefault)
	o.Recovery.setDefaults()
	return o, nil
}

// Columns of the table of defaults.
const (
	trustedDefault = iota
	untrustedDefault
)

func (l *Limits) setDefaults(column int) {
	memory := memoryLimit()
	payload := l.MaxPayload
	if payload == 0 {
		payload = [2]int{1 << 20, 8 << 10}[column]
	}
	floor := min(payload, noLimit/3) * 5 / 2 // one event, and the body it came in
	for _, d := range []struct {
		p   *int
		def [2]int
	}{
		{&l.MaxPayload, [2]int{1 << 20, 8 << 10}},
		{&l.MaxText, [2]int{noLimit, noLimit}},
		{&l.MaxConnect, [2]int{4 << 10, 1 << 10}},
		{&l.MaxAttachments, [2]int{64, 0}},
		{&l.MaxDepth, [2]int{64, 16}},
		{&l.MaxValues, [2]int{50_000, 256}},
		{&l.MaxPackets, [2]int{2000, 64}},
		{&l.EventsPerSecond, [2]int{500, 20}},
		{&l.EventBurst, [2]int{1000, 100}},
		{&l.AddressEventsPerSecond, [2]int{5000, 200}},
		{&l.AddressEventBurst, [2]int{20_000, 2000}},
		{&l.BytesPerSecond, [2]int{8 << 20, 16 << 10}},
		{&l.ByteBurst, [2]int{16 << 20, 64 << 10}},
		{&l.AddressBytesPerSecond, [2]int{64 << 20, 128 << 10}},
		{&l.AddressByteBurst, [2]int{256 << 20, 1 << 20}},
		{&l.Buffered, [2]int{max(memory/4, floor), max(memory/16, floor)}},
		{&l.AddressBuffered, [2]int{max(memory/8, floor), max(4<<20, floor)}},
		{&l.MaxNamespaces, [2]int{16, 4}},
		{&l.MaxQueuedMessages, [2]int{1024, 256}},
		{&l.MaxQueuedBytes, [2]int{4 << 20, 256 << 10}},
		{&l.MaxPendingEvents, [2]int{1024, 128}},
		{&l.MaxConnections, [2]int{100_000, 20_000}},
		{&l.ConnectionsPerAddress, [2]int{2000, 200}},
		{&l.HandshakesPerSecond, [2]int{100, 20}},
		{&l.HandshakeBurst, [2]int{1000, 200}},
		{&l.MinBytesPerSecond, [2]int{8 << 10, 1 << 10}},
	} {
		switch {
		case *d.p == 0:
			*d.p = d.def[column]
		case *d.p < 0:
			*d.p = noLimit
		}
	}
	l.MaxText = min(l.MaxText, l.MaxPayload)
	l.MaxConnect = min(l.MaxConnect, l.MaxText)
}

// packet returns the limits of a single packet.
func (l *Limits) packet() parser.Limits {
	return parser.Limits{MaxAttachments: l.MaxAttachments, MaxConnect: l.MaxConnect, MaxDepth: l.MaxDepth, MaxValues: l.MaxValues}
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
	switch {
	case errors.Is(err, ErrUnknownEvent):
		return NoAck{} // as with the JavaScript server, whose clients have timeouts for this
	case err != nil:
		return map[string]string{"error": "internal"}
	default:
		return value
	}
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
