package redisadapter

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// counters count since the start.
type counters struct {
	published, received, repeated, malformed atomic.Uint64
	droppedQueue, droppedRedis, droppedOld   atomic.Uint64
	reconnects                               atomic.Uint64
}

// Stats are the numbers of an adapter at a moment.
type Stats struct {
	Live          bool
	Subscriptions int
	Servers       int // others that are known
	Queued        int // messages that wait to be published
	Published     uint64
	Received      uint64
	Repeated      uint64            // received more than once, and ignored
	Malformed     uint64            // received and not understood
	Dropped       map[string]uint64 // not published, by reason: queue, redis, old
	Reconnects    uint64
}

// Stats returns the numbers of now.
func (a *Adapter) Stats() Stats {
	b := a.bus
	s := Stats{
		Live: a.Live(), Queued: len(b.queue), Published: b.published.Load(), Received: b.received.Load(),
		Repeated: b.repeated.Load(), Malformed: b.malformed.Load(), Reconnects: b.reconnects.Load(),
		Dropped: map[string]uint64{"queue": b.droppedQueue.Load(), "redis": b.droppedRedis.Load(), "old": b.droppedOld.Load()},
	}
	for _, l := range b.lanes {
		s.Subscriptions += l.count()
	}
	b.peers.mu.Lock()
	s.Servers = len(b.peers.all)
	b.peers.mu.Unlock()
	return s
}

// Collector returns the adapter's metrics for Prometheus.
func (a *Adapter) Collector() prometheus.Collector { return collector{a} }

type collector struct{ a *Adapter }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("socketio_redis_"+name, help, labels, nil)
}

var (
	descLive          = describe("live", "Whether messages go to and come from all known servers over Redis.")
	descServers       = describe("servers", "Other servers that are known.")
	descSubscriptions = describe("subscriptions", "Channels this server receives.")
	descQueued        = describe("queued", "Messages waiting to be published.")
	descPublished     = describe("published_total", "Messages published.")
	descReceived      = describe("received_total", "Messages of other servers received.")
	descRepeated      = describe("repeated_total", "Messages received more than once and ignored.")
	descMalformed     = describe("malformed_total", "Messages that were not understood and ignored.")
	descDropped       = describe("dropped_total", "Messages that were not published, by reason.", "reason")
	descReconnects    = describe("reconnects_total", "Lost connections.")
)

// Describe implements prometheus.Collector.
func (c collector) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, out) }

// Collect implements prometheus.Collector.
func (c collector) Collect(out chan<- prometheus.Metric) {
	s := c.a.Stats()
	live := 0.0
	if s.Live {
		live = 1
	}
	gauge := func(d *prometheus.Desc, v float64) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	count := func(d *prometheus.Desc, v uint64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	gauge(descLive, live)
	gauge(descServers, float64(s.Servers))
	gauge(descSubscriptions, float64(s.Subscriptions))
	gauge(descQueued, float64(s.Queued))
	count(descPublished, s.Published)
	count(descReceived, s.Received)
	count(descRepeated, s.Repeated)
	count(descMalformed, s.Malformed)
	count(descReconnects, s.Reconnects)
	for reason, n := range s.Dropped {
		count(descDropped, n, reason)
	}
}
