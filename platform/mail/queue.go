package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Limits of a Queue.
const (
	// maxWaiting is how many mails wait; more are refused, since a service that
	// cannot send thousands of mails will not want to later.
	maxWaiting = 1000
	// maxSending is how many are sent at the same time.
	maxSending = 4
	// sendPatience bounds one attempt.
	sendPatience = 30 * time.Second
	// drainPatience bounds the last attempts when the program stops.
	drainPatience = 10 * time.Second
)

// retryAfter is how long to wait after the first, second, … failure; a mail
// that fails once more is given up. A person waiting for a code has by then
// asked for another.
var retryAfter = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute} //nolint:gochecknoglobals // A constant table.

var (
	// ErrQueueFull says that too many mails wait already.
	ErrQueueFull = errors.New("too many mails are waiting to be sent")
	// ErrQueueStopped says that the program is ending.
	ErrQueueStopped = errors.New("no more mails are taken, the program is ending")
)

// Queue sends mails in the background. Mails wait in memory: one that must
// survive a crash needs a row of its own and whoever sends it again.
type Queue struct {
	sender Sender
	log    *slog.Logger
	in     chan Message

	mu      sync.RWMutex // guards stopped against an Enqueue under way
	stopped bool
}

// NewQueue returns a queue in front of sender. Nothing is sent before Run.
func NewQueue(sender Sender, log *slog.Logger) *Queue {
	return &Queue{sender: sender, log: log, in: make(chan Message, maxWaiting)}
}

// Enqueue takes a mail and returns at once. Call it after the commit. Errors
// match ErrInvalid, ErrQueueFull or ErrQueueStopped.
func (q *Queue) Enqueue(ctx context.Context, m Message) error {
	if err := m.Validate(); err != nil {
		return err
	}
	if m.ID == "" {
		m.ID = NewID()
	}
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.stopped {
		return ErrQueueStopped
	}
	select {
	case q.in <- m:
		q.log.DebugContext(ctx, "mail taken", "mail", m.ID)
		return nil
	default:
		return ErrQueueFull
	}
}

// job is a mail on its way.
type job struct {
	m        Message
	attempts int
	due      time.Time
	err      error // of the last attempt
}

// Run sends until ctx ends. Then each mail still waiting gets one last attempt,
// within ten seconds in all. It returns nil.
func (q *Queue) Run(ctx context.Context) error {
	// An attempt under way is not cut off by the end of ctx, only by drain.
	sends, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	d := dispatcher{Queue: q, done: make(chan job)}
	for ctx.Err() == nil {
		d.startDue(sends)
		in := q.in
		if len(d.waiting) >= maxWaiting {
			in = nil // Leave them in the channel, which then fills up.
		}
		timer, stop := d.nextDue()
		select {
		case m := <-in:
			d.waiting = append(d.waiting, job{m: m})
		case j := <-d.done:
			d.finish(ctx, j)
		case <-timer:
		case <-ctx.Done():
		}
		stop()
	}
	d.drain(ctx, sends, cancel)
	return nil
}

// dispatcher is the state of Run, used by its goroutine only.
type dispatcher struct {
	*Queue
	waiting []job
	sending int
	done    chan job
}

// startDue sends what is due, as far as there is room.
func (d *dispatcher) startDue(ctx context.Context) {
	now := time.Now()
	rest := d.waiting[:0]
	for _, j := range d.waiting {
		if d.sending == maxSending || j.due.After(now) {
			rest = append(rest, j)
			continue
		}
		d.sending++
		go d.attempt(ctx, j)
	}
	d.waiting = rest
}

func (d *dispatcher) attempt(ctx context.Context, j job) {
	ctx, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	defer func() {
		// A mail must not take the program down with it.
		if p := recover(); p != nil {
			j.err = fmt.Errorf("%w: sender panicked: %v", ErrInvalid, p)
		}
		d.done <- j
	}()
	j.attempts++
	j.err = d.sender.Send(ctx, j.m)
}

// nextDue returns a channel that fires when a waiting mail is due, and what
// releases it; no channel when something else has to happen first.
func (d *dispatcher) nextDue() (<-chan time.Time, func()) {
	if len(d.waiting) == 0 || d.sending == maxSending {
		return nil, func() {}
	}
	first := d.waiting[0].due
	for _, j := range d.waiting[1:] {
		if j.due.Before(first) {
			first = j.due
		}
	}
	timer := time.NewTimer(time.Until(first))
	return timer.C, func() { timer.Stop() }
}

// finish logs how an attempt ended and puts the mail back if it failed.
func (d *dispatcher) finish(ctx context.Context, j job) {
	d.sending--
	switch {
	case j.err == nil:
		d.log.InfoContext(ctx, "mail sent", "mail", j.m.ID, "attempts", j.attempts)
	case errors.Is(j.err, ErrInvalid) || j.attempts > len(retryAfter) || ctx.Err() != nil:
		d.log.ErrorContext(ctx, "mail given up", "mail", j.m.ID, "attempts", j.attempts, "error", j.err)
	default:
		wait := retryAfter[j.attempts-1]
		d.log.WarnContext(ctx, "mail failed, will be tried again", "mail", j.m.ID, "attempts", j.attempts, "in", wait, "error", j.err)
		j.due = time.Now().Add(wait)
		d.waiting = append(d.waiting, j)
	}
}

// drain makes the last attempts; when the time is up it cancels those under way.
func (d *dispatcher) drain(ctx, sends context.Context, cancel func()) {
	d.mu.Lock()
	d.stopped = true
	d.mu.Unlock()
	for len(d.in) > 0 {
		d.waiting = append(d.waiting, job{m: <-d.in})
	}
	for i := range d.waiting {
		d.waiting[i].due = time.Time{}
	}
	limit := time.NewTimer(drainPatience)
	defer limit.Stop()
	for len(d.waiting) > 0 || d.sending > 0 {
		d.startDue(sends)
		select {
		case j := <-d.done:
			d.finish(ctx, j)
		case <-limit.C:
			if n := len(d.waiting); n > 0 {
				d.log.ErrorContext(ctx, "mails were not sent before the end", "count", n)
			}
			d.waiting = nil
			cancel()
		}
	}
}
