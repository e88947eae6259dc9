package socketio

import (
	"context"
	"sync"
	"time"
)

// wheel visits each connection when one of its deadlines may have passed: one
// goroutine and one ticker for all of them. Deadlines are looked up when a
// connection is visited; moving one costs nothing.
type wheel struct {
	tick  time.Duration
	visit func(c *conn, now int64) (next int64)

	mu    sync.Mutex
	slots [512]*conn // heads of lists
	pos   int
}

// wheelEntry is a connection's place in the wheel, guarded by its mutex.
type wheelEntry struct {
	prev, next *conn
	slot       int16
	in         bool
}

func newWheel(tick time.Duration, visit func(c *conn, now int64) int64) *wheel {
	return &wheel{tick: tick, visit: visit}
}

// run turns the wheel until ctx ends. sweep is called about every ten seconds.
func (w *wheel) run(ctx context.Context, sweep func()) {
	ticker := time.NewTicker(w.tick)
	defer ticker.Stop()
	swept := now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.turn()
			if ageSince(swept) > 10*time.Second {
				swept = now()
				sweep()
			}
		}
	}
}

func (w *wheel) turn() {
	w.mu.Lock()
	w.pos = (w.pos + 1) % len(w.slots)
	var due []*conn
	for c := w.slots[w.pos]; c != nil; c = c.timer.next {
		due = append(due, c)
	}
	for _, c := range due {
		w.unlink(c)
	}
	w.mu.Unlock()
	for _, c := range due {
		if next := w.visit(c, now()); next > 0 {
			w.add(c, next)
		}
	}
}

// add plans a visit; one in the past becomes one at the next turn, one beyond
// the wheel's reach comes early and is planned again.
func (w *wheel) add(c *conn, at int64) {
	ticks := (at-now())/int64(w.tick) + 1
	ticks = min(max(ticks, 1), int64(len(w.slots)-1))
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.timer.in {
		w.unlink(c)
	}
	slot := (w.pos + int(ticks)) % len(w.slots)
	c.timer = wheelEntry{next: w.slots[slot], slot: int16(slot), in: true}
	if c.timer.next != nil {
		c.timer.next.timer.prev = c
	}
	w.slots[slot] = c
}

func (w *wheel) remove(c *conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.timer.in {
		w.unlink(c)
	}
}

func (w *wheel) unlink(c *conn) {
	e := &c.timer
	if e.prev != nil {
		e.prev.timer.next = e.next
	} else {
		w.slots[e.slot] = e.next
	}
	if e.next != nil {
		e.next.timer.prev = e.prev
	}
	*e = wheelEntry{}
}
