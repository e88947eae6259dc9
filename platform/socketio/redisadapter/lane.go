package redisadapter

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// How a lane connects again: after a random time up to a limit that doubles.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 2 * time.Second
)

// subscribeBatch is how many channels one command names.
const subscribeBatch = 500

// freshBatch is how many new subscriptions are reported at a time.
const freshBatch = 256

var (
	errSilent       = errors.New("no answer")
	errUnsubscribed = errors.New("redis has ended a subscription") // the slot has moved
)

// lane receives the messages of one hash slot over one connection. Which
// channels that are is changed without waiting (follow); a goroutine brings the
// subscriptions into line.
type lane struct {
	bus *bus
	// base is a channel that is always subscribed; it chooses the node of a
	// Cluster.
	base string

	mu sync.Mutex
	// wanted are the channels to receive.
	wanted map[string]struct{}
	// changed are those to subscribe or unsubscribe on the connection that is.
	changed map[string]struct{}
	// asked are those subscribed on the connection, confirmed or not.
	asked map[string]struct{}
	// pending counts SUBSCRIBE commands without a confirmation, by channel.
	pending map[string]int
	// fresh are confirmed channels that were not reported yet.
	fresh []string
	// connected reports that there is a connection and its first subscriptions
	// are confirmed.
	connected bool
	waiters   []chan struct{}

	wake     chan struct{}
	lastSeen atomic.Int64 // Unix nanoseconds
}

func newLane(b *bus, base string) *lane {
	return &lane{
		bus: b, base: base, wanted: map[string]struct{}{base: {}}, changed: map[string]struct{}{},
		asked: map[string]struct{}{}, pending: map[string]int{}, wake: make(chan struct{}, 1),
	}
}

// follow begins or ends the subscription of a channel. It does not wait.
func (l *lane) follow(channel string, on bool) {
	l.mu.Lock()
	if on {
		l.wanted[channel] = struct{}{}
	} else {
		delete(l.wanted, channel)
	}
	l.changed[channel] = struct{}{}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *lane) live() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.connected
}

func (l *lane) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.wanted)
}

// confirmed waits until everything that is wanted now is subscribed.
func (l *lane) confirmed(ctx context.Context) error {
	for {
		l.mu.Lock()
		if l.connected && len(l.changed) == 0 && len(l.pending) == 0 {
			l.mu.Unlock()
			return nil
		}
		next := make(chan struct{})
		l.waiters = append(l.waiters, next)
		l.mu.Unlock()
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// notify wakes who waits in confirmed. It is called with mu held.
func (l *lane) notify() {
	for _, w := range l.waiters {
		close(w)
	}
	l.waiters = nil
}

// run keeps a connection until ctx ends.
func (l *lane) run(ctx context.Context) {
	limit := firstRetry
	for ctx.Err() == nil {
		started := time.Now()
		err := l.session(ctx)
		l.lost()
		if ctx.Err() != nil {
			return
		}
		l.bus.reconnects.Add(1)
		l.bus.report(ctx, fmt.Errorf("receive: %w", err))
		if time.Since(started) > 2*lastRetry {
			limit = firstRetry
		}
		select {
		case <-ctx.Done():
		case <-time.After(limit/2 + rand.N(limit/2)):
		}
		limit = min(2*limit, lastRetry)
	}
}

func (l *lane) lost() {
	l.mu.Lock()
	l.connected = false
	l.mu.Unlock()
	l.bus.changed()
}

// session is one connection from its beginning to its end.
func (l *lane) session(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ps := l.bus.client.Subscribe(ctx)
	// A read ends only with its connection.
	stop := context.AfterFunc(ctx, func() { _ = ps.Close() })
	defer stop()
	defer func() { _ = ps.Close() }() // what was received is handled
	l.begin()
	l.seen()
	if err := l.subscribe(ctx, ps, []string{l.base}); err != nil {
		return err
	}
	writerDone := make(chan struct{})
	go func() {
		defer close(writerDone)
		cancel(l.write(ctx, ps))
	}()
	err := l.read(ctx, ps)
	cancel(err)
	<-writerDone
	return context.Cause(ctx)
}

// begin makes everything that is wanted a change for the new connection.
func (l *lane) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.asked)
	clear(l.pending)
	l.fresh = nil
	clear(l.changed)
	for channel := range l.wanted {
		if channel != l.base {
			l.changed[channel] = struct{}{}
		}
	}
}

func (l *lane) seen() { l.lastSeen.Store(time.Now().UnixNano()) }

// write sends subscriptions, and pings while nothing is received.
func (l *lane) write(ctx context.Context, ps *redis.PubSub) error {
	ticker := time.NewTicker(l.bus.opt.Heartbeat)
	defer ticker.Stop()
	for {
		if err := l.apply(ctx, ps); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.wake:
			continue
		case <-ticker.C:
		}
		l.reportFresh(true)
		quiet := time.Since(time.Unix(0, l.lastSeen.Load()))
		if quiet > l.bus.opt.silence() {
			return errSilent
		}
		if quiet > l.bus.opt.Heartbeat/2 {
			if err := ps.Ping(ctx); err != nil {
				return err
			}
		}
	}
}

// apply brings the subscriptions of the connection into line.
func (l *lane) apply(ctx context.Context, ps *redis.PubSub) error {
	l.mu.Lock()
	var begin, end []string
	for channel := range l.changed {
		_, wanted := l.wanted[channel]
		_, asked := l.asked[channel]
		switch {
		case wanted && !asked:
			begin = append(begin, channel)
		case !wanted && asked:
			end = append(end, channel)
			delete(l.asked, channel)
		}
	}
	clear(l.changed)
	for _, channel := range begin {
		l.note(channel)
	}
	l.settle()
	l.mu.Unlock()
	for batch := range slices.Chunk(end, subscribeBatch) {
		if err := l.bus.unsubscribe(ctx, ps, batch); err != nil {
			return err
		}
	}
	for batch := range slices.Chunk(begin, subscribeBatch) {
		if err := l.bus.subscribe(ctx, ps, batch); err != nil {
			return err
		}
	}
	return nil
}

// note is called with mu held, before a channel is subscribed.
func (l *lane) note(channel string) {
	l.asked[channel] = struct{}{}
	l.pending[channel]++
}

func (l *lane) subscribe(ctx context.Context, ps *redis.PubSub, channels []string) error {
	l.mu.Lock()
	for _, channel := range channels {
		l.note(channel)
	}
	l.mu.Unlock()
	return l.bus.subscribe(ctx, ps, channels)
}

// settle is called with mu held, after a change: a lane whose subscriptions are
// all confirmed is connected.
func (l *lane) settle() {
	if len(l.changed) > 0 || len(l.pending) > 0 {
		return
	}
	l.notify()
	if !l.connected {
		l.connected = true
		go l.bus.connected(l)
	}
}

func (l *lane) read(ctx context.Context, ps *redis.PubSub) error {
	for {
		received, err := ps.Receive(ctx)
		if err != nil {
			return err
		}
		l.seen()
		switch m := received.(type) {
		case *redis.Message:
			l.bus.receive(m.Channel, m.Payload)
		case *redis.Subscription:
			if err := l.confirm(m); err != nil {
				return err
			}
			l.reportFresh(false)
		}
	}
}

func (l *lane) confirm(s *redis.Subscription) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.Kind == "unsubscribe" || s.Kind == "sunsubscribe" {
		if _, asked := l.asked[s.Channel]; asked && l.pending[s.Channel] == 0 {
			return errUnsubscribed
		}
		return nil
	}
	if l.pending[s.Channel]--; l.pending[s.Channel] > 0 {
		return nil
	}
	delete(l.pending, s.Channel)
	if _, wanted := l.wanted[s.Channel]; wanted {
		l.fresh = append(l.fresh, s.Channel)
	}
	l.settle()
	return nil
}

// reportFresh tells the topics which subscriptions have begun: all at once when
// none is pending, so that a reconnect is one question to a database.
func (l *lane) reportFresh(now bool) {
	l.mu.Lock()
	var fresh []string
	if now || len(l.pending) == 0 || len(l.fresh) >= freshBatch {
		fresh, l.fresh = l.fresh, nil
	}
	l.mu.Unlock()
	if len(fresh) > 0 {
		l.bus.subscribed(fresh)
	}
}
