// Package lease lets one of several servers of a database do what is to be done
// once: sweepers, digests, deleting old rows.
//
// A lease is a row of the table job_lease with its owner and the time at which it
// ends, by the clock of the database. Its owner renews it; when the owner dies,
// another server takes it within TTL and one interval. A server that was suspended
// may go on for a moment after another one has taken over, so a job must be harmless
// if it runs twice.
//
// Tables owned: job_lease.
package lease

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"taskstack.org/platform/db"
)

const (
	// TTL is how long a lease lasts after it was renewed.
	TTL = 20 * time.Second
	// every is how often its owner renews it and the others look at it.
	every = 5 * time.Second
)

// Lease is one server's view of a lease. It is safe for concurrent use.
type Lease struct {
	db          *db.DB
	log         *slog.Logger
	name, owner string
	ttl, every  time.Duration

	mu sync.Mutex
	// held is closed when the lease is acquired, lost when it ends; a new pair is
	// made at each end.
	held, lost chan struct{}
	isHeld     bool
}

// New returns a lease that this server does not have before Run takes it.
func New(d *db.DB, log *slog.Logger, name string) *Lease {
	return &Lease{db: d, log: log, name: name, owner: rand.Text(), ttl: TTL, every: every, held: make(chan struct{}), lost: make(chan struct{})}
}

// Run takes the lease whenever it is free, renews it, and gives it back when ctx
// ends.
func (l *Lease) Run(ctx context.Context) error {
	ticker := time.NewTicker(l.every)
	defer ticker.Stop()
	var renewed time.Time
	for {
		asked := time.Now()
		mine, err := l.take(ctx)
		switch {
		case ctx.Err() != nil:
		case err == nil && mine:
			renewed = asked
			l.acquire(ctx)
		case err == nil:
			l.end(ctx)
		default:
			l.log.WarnContext(ctx, "lease could not be renewed", "lease", l.name, "error", err)
			if time.Since(renewed) > l.ttl-2*l.every {
				l.end(ctx) // before it ends in the database
			}
		}
		select {
		case <-ctx.Done():
			l.end(ctx)
			return l.giveBack(context.WithoutCancel(ctx))
		case <-ticker.C:
		}
	}
}

// While runs fn for as long as this server has the lease, and again each time that
// it gets it; the context of fn ends with the lease. While returns when ctx ends, or
// with an error of fn. A nil Lease is always held.
func (l *Lease) While(ctx context.Context, fn func(ctx context.Context) error) error {
	if l == nil {
		return fn(ctx)
	}
	for {
		l.mu.Lock()
		held, lost := l.held, l.lost
		l.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil
		case <-held:
		}
		if err := runUntil(ctx, lost, fn); err != nil || ctx.Err() != nil {
			return err
		}
		select { // fn has ended by itself
		case <-ctx.Done():
			return nil
		case <-lost:
		}
	}
}

// runUntil runs fn with a context that ends when lost is closed.
func runUntil(ctx context.Context, lost <-chan struct{}, fn func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-lost:
			cancel()
		case <-ctx.Done():
		}
	}()
	return fn(ctx)
}

func (l *Lease) acquire(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.isHeld {
		l.isHeld = true
		close(l.held)
		l.log.InfoContext(ctx, "this server does the background jobs", "lease", l.name)
	}
}

func (l *Lease) end(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isHeld {
		l.isHeld = false
		close(l.lost)
		l.held, l.lost = make(chan struct{}), make(chan struct{})
		l.log.InfoContext(ctx, "this server no longer does the background jobs", "lease", l.name)
	}
}
