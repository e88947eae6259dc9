package socketio

import (
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// Stats are the numbers of a server at a moment.
type Stats struct {
	Connections map[string]int // open connections by "<Engine.IO generation>/<transport>"
	Sockets     int            // sockets in all namespaces
	Rooms       int            // rooms with members
	Received    uint64         // events from clients
	Emitted     uint64         // emits by the program
	Delivered   uint64         // events handed to the kernel, one per receiver
	BytesIn     uint64
	BytesOut    uint64
	Refused     map[string]uint64 // what was refused, by class; see Server.Collector
	Closed      map[string]uint64 // connections ended, by reason
}

var transportNames = [2]string{"polling", "websocket"}

// Stats gives the numbers of now.
func (srv *Server) Stats() Stats {
	m := &srv.metrics
	st := Stats{
		Connections: make(map[string]int, 4),
		Received:    m.received.Load(), Emitted: m.emitted.Load(), Delivered: m.delivered.Load(),
		BytesIn: m.bytesIn.Load(), BytesOut: m.bytesOut.Load(),
		Refused: m.refusals.snapshot(), Closed: m.endings.snapshot(),
	}
	for eio, transports := range [2]string{"3", "4"} {
		for i, name := range transportNames {
			st.Connections[transports+"/"+name] = int(m.connsNow[eio][i].Load())
		}
	}
	st.Sockets, st.Rooms = srv.count()
	return st
}

func (srv *Server) count() (sockets, rooms int) {
	srv.mu.RLock() // is taken last of all locks, so not held while those of namespaces are
	namespaces := slices.Collect(maps.Values(srv.namespaces))
	srv.mu.RUnlock()
	for _, ns := range namespaces {
		ns.mu.RLock()
		sockets += len(ns.sockets)
		rooms += len(ns.rooms)
		ns.mu.RUnlock()
	}
	return sockets, rooms
}

// Collector gives the server's metrics to Prometheus.
func (srv *Server) Collector() prometheus.Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("socketio_"+name, help, labels, nil)
	}
	return &collector{
		srv:         srv,
		connections: desc("connections", "Open connections.", "protocol", "transport"),
		sockets:     desc("sockets", "Sockets in all namespaces."),
		rooms:       desc("rooms", "Rooms with members."),
		received:    desc("events_received_total", "Events received from clients."),
		emitted:     desc("events_emitted_total", "Events emitted by the program."),
		delivered:   desc("events_delivered_total", "Events handed to the kernel, one per receiver."),
		bytesIn:     desc("bytes_received_total", "Bytes received, frames and bodies."),
		bytesOut:    desc("bytes_sent_total", "Bytes of packets sent."),
		upgrades:    desc("upgrades_total", "Connections upgraded from polling to WebSocket."),
		dropped:     desc("volatile_dropped_total", "Volatile events that a busy client missed."),
		throttled:   desc("throttled_total", "Pauses imposed on clients above their rates."),
		refused:     desc("refused_total", "What was refused: requests, namespaces, and connections closed or slowed down by a limit.", "reason"),
		closed:      desc("closed_total", "Connections ended.", "reason"),
		latency:     desc("delivery_seconds", "Time from an emit until the event was handed to the kernel."),
	}
}

type collector struct {
	srv                                                    *Server
	connections, sockets, rooms                            *prometheus.Desc
	received, emitted, delivered, bytesIn, bytesOut        *prometheus.Desc
	upgrades, dropped, throttled, refused, closed, latency *prometheus.Desc
}

func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		c.connections, c.sockets, c.rooms, c.received, c.emitted, c.delivered, c.bytesIn, c.bytesOut,
		c.upgrades, c.dropped, c.throttled, c.refused, c.closed, c.latency,
	} {
		ch <- d
	}
}

func (c *collector) Collect(ch chan<- prometheus.Metric) {
	m := &c.srv.metrics
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	counter := func(d *prometheus.Desc, v uint64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	for eio, name := range [2]string{"3", "4"} {
		for i, transport := range transportNames {
			gauge(c.connections, float64(m.connsNow[eio][i].Load()), name, transport)
		}
	}
	sockets, rooms := c.srv.count()
	gauge(c.sockets, float64(sockets))
	gauge(c.rooms, float64(rooms))
	counter(c.received, m.received.Load())
	counter(c.emitted, m.emitted.Load())
	counter(c.delivered, m.delivered.Load())
	counter(c.bytesIn, m.bytesIn.Load())
	counter(c.bytesOut, m.bytesOut.Load())
	counter(c.upgrades, m.upgrades.Load())
	counter(c.dropped, m.volatileDrops.Load())
	counter(c.throttled, m.throttled.Load())
	for reason, n := range m.refusals.snapshot() {
		counter(c.refused, n, reason)
	}
	for reason, n := range m.endings.snapshot() {
		counter(c.closed, n, reason)
	}
	ch <- m.latencyHistogram(c.latency)
}

func (m *metrics) latencyHistogram(d *prometheus.Desc) prometheus.Metric {
	buckets := make(map[float64]uint64, len(latencyBounds))
	count := uint64(0)
	for i, bound := range latencyBounds {
		count += m.latency[i].Load()
		buckets[float64(bound)/1e6] = count
	}
	count += m.latency[len(latencyBounds)].Load()
	return prometheus.MustNewConstHistogram(d, count, float64(m.latencySum.Load())/1e6, buckets)
}
