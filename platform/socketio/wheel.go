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
	done  int64      // the last tick of now whose slot was visited
}

// wheelEntry is a connection's place in the wheel, guarded by its mutex.
type wheelEntry struct {
	prev, next *conn
	at         int64 // tick of now; its slot is at modulo the wheel's size
	in         bool
}

func newWheel(tick time.Duration, visit func(c *conn, now int64) int64) *wheel {
	return &wheel{tick: tick, visit: visit, done: now() / int64(tick)}
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

// turn visits what is due. It goes by the clock and not by the number of its
// calls, so that a tick that came late, or never, delays nothing further.
func (w *wheel) turn() {
	w.mu.Lock()
	current := now() / int64(w.tick)
	var due []*conn
	for tick := max(w.done+1, current-int64(len(w.slots))+1); tick <= current; tick++ {
		for c := w.slots[w.slot(tick)]; c != nil; c = c.timer.next {
			due = append(due, c)
		}
	}
	w.done = max(w.done, current)
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

func (w *wheel) slot(tick int64) int { return int(tick % int64(len(w.slots))) }

// add plans a visit at a time of now, unless an earlier one is planned: a
// connection has one place in the wheel for all its deadlines, and each visit
// plans the next. A time in the past means the next turn; one beyond the
// wheel's reach comes early and is planned again.
func (w *wheel) add(c *conn, at int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	tick := (at + int64(w.tick) - 1) / int64(w.tick)
	tick = min(max(tick, w.done+1), w.done+int64(len(w.slots))-1)
	if c.timer.in {
		if c.timer.at <= tick {
			return
		}
		w.unlink(c)
	}
	head := &w.slots[w.slot(tick)]
	c.timer = wheelEntry{next: *head, at: tick, in: true}
	if *head != nil {
		(*head).timer.prev = c
	}
	*head = c
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
		w.slots[w.slot(e.at)] = e.next
	}
	if e.next != nil {
		e.next.timer.prev = e.prev
	}
	*e = wheelEntry{}
}
