// Package redishints notifies the other servers over Redis about committed events
// of numbered streams. What it carries is a hint: it may be lost, late or doubled,
// and the log of the stream is the truth.
package redishints

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio/redisadapter"
)

// workers is how many streams are handled at a time: a hint may lead to a read of
// the log.
const workers = 4

// maxWaiting is how many events of a stream wait for a worker. Above it all but
// the newest are dropped, and the stream reads them from the log.
const maxWaiting = 64

// Hints implements realtime.Hints over the connections of an adapter.
type Hints struct {
	adapter *redisadapter.Adapter
	topics  *redisadapter.Topics
	latency prometheus.Histogram
	dropped prometheus.Counter

	mu sync.Mutex
	// kinds have the functions that take hints, and is not written after the
	// server has started.
	kinds map[string]receiver
	// waiting are the events of each stream that has some, queue the streams in
	// their order. A stream that is being handled is in busy, not in queue.
	waiting map[stream][]realtime.Event
	queue   []stream
	busy    map[stream]bool
	// unchecked are streams whose subscription has just begun.
	unchecked map[string][]int64
	wake      chan struct{}
}

type receiver struct {
	receive func(ctx context.Context, id int64, e realtime.Event)
	check   func(ctx context.Context, ids []int64)
}

type stream struct {
	kind string
	id   int64
}

func (s stream) topic() string { return s.kind + ":" + strconv.FormatInt(s.id, 10) }

// streamOf is the stream of a topic.
func streamOf(topic string) (stream, bool) {
	kind, digits, _ := strings.Cut(topic, ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	return stream{kind, id}, err == nil
}

// New returns hints over an adapter, before the adapter's server is made.
func New(adapter *redisadapter.Adapter) *Hints {
	h := &Hints{
		adapter: adapter, kinds: map[string]receiver{}, waiting: map[stream][]realtime.Event{}, busy: map[stream]bool{},
		unchecked: map[string][]int64{}, wake: make(chan struct{}, workers),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "taskstack_hint_seconds", Help: "Time from a commit on another server to its hint here, as far as the clocks agree.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "taskstack_hints_dropped_total", Help: "Hints dropped because their stream was behind; it reads the log instead.",
		}),
	}
	h.topics = adapter.Topics("stream", redisadapter.TopicHandler{Message: h.message, Subscribed: h.subscribed})
	return h
}

// Publish implements realtime.Hints.
func (h *Hints) Publish(kind string, id int64, e realtime.Event) {
	h.topics.Publish(stream{kind, id}.topic(), encode(time.Now(), e))
}

// Hold implements realtime.Hints.
func (h *Hints) Hold(kind string, id int64, held bool) {
	h.topics.Follow(stream{kind, id}.topic(), held)
}

// Receive implements realtime.Hints.
func (h *Hints) Receive(kind string, fn func(ctx context.Context, id int64, e realtime.Event), check func(ctx context.Context, ids []int64)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.kinds[kind] = receiver{fn, check}
}

// Live implements realtime.Hints.
func (h *Hints) Live() bool { return h.adapter.Live() }

// Collectors are the metrics of hints.
func (h *Hints) Collectors() []prometheus.Collector {
	return []prometheus.Collector{h.latency, h.dropped}
}

// message is called by the adapter, which must not wait.
func (h *Hints) message(topic string, payload []byte) {
	s, ok := streamOf(topic)
	sent, e, valid := decode(payload)
	if !ok || !valid {
		return
	}
	h.latency.Observe(max(0, time.Since(sent).Seconds()))
	h.mu.Lock()
	defer h.mu.Unlock()
	events, queued := h.waiting[s]
	if len(events) >= maxWaiting {
		h.dropped.Add(float64(len(events)))
		events = kept(events)
	}
	h.waiting[s] = append(events, e)
	if !queued && !h.busy[s] {
		h.queue = append(h.queue, s)
	}
	h.signal()
}

// kept are the events that no log has: that a stream has ended.
func kept(events []realtime.Event) []realtime.Event {
	var ends []realtime.Event
	for _, e := range events {
		if e.Rev == 0 && len(ends) == 0 {
			ends = append(ends, e)
		}
	}
	return ends
}

func (h *Hints) subscribed(topics []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, topic := range topics {
		if s, ok := streamOf(topic); ok {
			h.unchecked[s.kind] = append(h.unchecked[s.kind], s.id)
		}
	}
	h.signal()
}

// signal wakes a worker.
func (h *Hints) signal() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Run handles hints until ctx ends.
func (h *Hints) Run(ctx context.Context) error {
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for ctx.Err() == nil {
				if h.handleNext(ctx) {
					continue
				}
				select {
				case <-ctx.Done():
				case <-h.wake:
				}
			}
		})
	}
	group.Wait()
	return nil
}

// handleNext handles what waits for longest, and reports whether there was
// something.
func (h *Hints) handleNext(ctx context.Context) bool {
	if kind, ids := h.takeUnchecked(); len(ids) > 0 {
		if r := h.receiver(kind); r.check != nil {
			r.check(ctx, ids)
		}
		return true
	}
	s, events := h.take()
	if len(events) == 0 {
		return false
	}
	defer h.done(s)
	if r := h.receiver(s.kind); r.receive != nil {
		for _, e := range events {
			r.receive(ctx, s.id, e)
		}
	}
	return true
}

func (h *Hints) receiver(kind string) receiver {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.kinds[kind]
}

func (h *Hints) takeUnchecked() (string, []int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for kind, ids := range h.unchecked {
		delete(h.unchecked, kind)
		return kind, ids
	}
	return "", nil
}

func (h *Hints) take() (stream, []realtime.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.queue) == 0 {
		return stream{}, nil
	}
	s := h.queue[0]
	h.queue = h.queue[1:]
	events := h.waiting[s]
	delete(h.waiting, s)
	h.busy[s] = true
	return s, events
}

// done makes a stream's next events wait for any worker.
func (h *Hints) done(s stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.busy, s)
	if len(h.waiting[s]) > 0 {
		h.queue = append(h.queue, s)
		h.signal()
	}
}

// version is the first byte of a payload; others are ignored, so that two
// releases can run side by side.
const version = 1

func encode(at time.Time, e realtime.Event) []byte {
	out := make([]byte, 0, 24+len(e.Name)+len(e.Payload))
	out = append(out, version)
	out = binary.AppendVarint(out, at.UnixMicro())
	out = binary.AppendVarint(out, e.Rev)
	out = binary.AppendUvarint(out, uint64(len(e.Name)))
	return append(append(out, e.Name...), e.Payload...)
}

func decode(payload []byte) (at time.Time, e realtime.Event, ok bool) {
	if len(payload) == 0 || payload[0] != version {
		return at, e, false
	}
	rest := payload[1:]
	micros, n := binary.Varint(rest)
	if n <= 0 {
		return at, e, false
	}
	rest = rest[n:]
	rev, n := binary.Varint(rest)
	if n <= 0 {
		return at, e, false
	}
	rest = rest[n:]
	size, n := binary.Uvarint(rest)
	if n <= 0 || size > uint64(len(rest)-n) {
		return at, e, false
	}
	rest = rest[n:]
	e = realtime.Event{Rev: rev, Name: string(rest[:size])}
	if len(rest) > int(size) {
		e.Payload = rest[size:]
	}
	return time.UnixMicro(micros), e, true
}
