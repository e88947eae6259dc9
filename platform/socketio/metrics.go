package socketio

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"

	"taskstack.org/platform/socketio/internal/parser"
)

// metrics are the counters of a server.
type metrics struct {
	connsNow      [2][2]atomic.Int64 // by Engine.IO generation and transport
	upgrades      atomic.Uint64
	received      atomic.Uint64
	emitted       atomic.Uint64
	delivered     atomic.Uint64
	bytesIn       atomic.Uint64
	bytesOut      atomic.Uint64
	volatileDrops atomic.Uint64
	throttled     atomic.Uint64
	refusals      counters
	endings       counters
	latency       [len(latencyBounds) + 1]atomic.Uint64
	latencySum    atomic.Uint64 // microseconds
}

// latencyBounds are the upper bounds of the delivery histogram in microseconds.
var latencyBounds = [...]int64{50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000}

// counters count by a label with few values.
type counters struct {
	mu sync.Mutex
	n  map[string]uint64
}

func (c *counters) add(label string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = make(map[string]uint64)
	}
	c.n[label]++
}

func (c *counters) snapshot() map[string]uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.n)
}

func transportIndex(polling bool) int {
	if polling {
		return 0
	}
	return 1
}

// Connections returns how many clients are connected to this server now.
func (srv *Server) Connections() int64 {
	var n int64
	for generation := range srv.metrics.connsNow {
		for transport := range srv.metrics.connsNow[generation] {
			n += srv.metrics.connsNow[generation][transport].Load()
		}
	}
	return n
}

// Connection is what is known of a client that is connected.
type Connection struct {
	// Context is that of its handshake.
	Context context.Context
	// Generation is that of its Engine.IO protocol, 3 or 4.
	Generation int
	// Polling is true until it has a WebSocket.
	Polling bool
}

// Each calls fn for each client that is connected to this server now.
func (srv *Server) Each(fn func(Connection)) {
	srv.mu.Lock()
	conns := make([]*conn, 0, len(srv.conns))
	for _, c := range srv.conns {
		conns = append(conns, c)
	}
	srv.mu.Unlock()
	for _, c := range conns {
		c.mu.Lock()
		polling := c.poll != nil
		c.mu.Unlock()
		fn(Connection{c.parent, int(c.eio), polling})
	}
}

func (m *metrics) opened(c *conn) { m.connsNow[c.eio-3][transportIndex(c.poll != nil)].Add(1) }

func (m *metrics) upgraded(c *conn) {
	m.upgrades.Add(1)
	m.connsNow[c.eio-3][0].Add(-1)
	m.connsNow[c.eio-3][1].Add(1)
}

func (m *metrics) closed(c *conn, reason string) {
	c.mu.Lock()
	polling := c.poll != nil
	c.mu.Unlock()
	m.connsNow[c.eio-3][transportIndex(polling)].Add(-1)
	m.endings.add(reason)
}

// wrote notes messages that were handed to the kernel. The clock is read once
// for all of them.
func (m *metrics) wrote(batch []*parser.Message) {
	t := now()
	bytes, events, sum := 0, 0, int64(0)
	for _, msg := range batch {
		bytes += msg.Size()
		if !msg.IsEvent {
			continue
		}
		events++
		micros := (t - msg.At) / 1000
		sum += micros
		i := 0
		for i < len(latencyBounds) && micros > latencyBounds[i] {
			i++
		}
		m.latency[i].Add(1)
	}
	m.bytesOut.Add(uint64(bytes))
	if events > 0 {
		m.delivered.Add(uint64(events))
		m.latencySum.Add(uint64(sum))
	}
}
