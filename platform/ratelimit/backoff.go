package ratelimit

import (
	"sync"
	"time"
)

// Backoff makes guessing slower and slower: after a few free attempts each
// further one of a key doubles the wait, up to a longest. What was right is
// forgotten or undone by the caller that checked it. A nil Backoff allows
// everything. Safe for concurrent use.
type Backoff struct {
	free        int
	first, most time.Duration
	now         func() time.Time
	// refused is called for every refusal, outside the lock, with its key.
	refused func(key string)
	shared
	delays Delays

	mu   sync.Mutex
	keys map[string]*attempts
}

type attempts struct {
	count int
	last  time.Time // of the last attempt that was allowed
}

// NewBackoff allows free attempts at once; the next one has to wait for first,
// the one after that twice as long, and so on up to most. Attempts are
// forgotten twice the longest wait after the last one.
func NewBackoff(free int, first, most time.Duration, now func() time.Time) *Backoff {
	return &Backoff{free: free, first: first, most: most, now: now, keys: map[string]*attempts{}, delays: Delays{free, first, most}}
}

// OnRefuse calls count for every refusal with its key, for metrics. It returns b. Only
// while wiring.
func (b *Backoff) OnRefuse(count func(key string)) *Backoff {
	b.refused = count
	return b
}

// Over makes b hold over all servers; name tells it from others. A nil s changes
// nothing. It returns b. Only while wiring.
func (b *Backoff) Over(s Shared, name string) *Backoff {
	b.shared = shared{s, name}
	return b
}

// Try counts an attempt of a key before it is known whether it is right, so
// that many at the same time gain nothing. While the key has to wait it returns
// false and how long; such an attempt does not count.
func (b *Backoff) Try(key string) (wait time.Duration, ok bool) {
	if b == nil {
		return 0, true
	}
	// It is counted here too, so that the waits go on when Shared is away.
	wait, ok = b.try(key)
	if b.Shared != nil {
		if w, allowed, err := b.Shared.Try(b.name, key, b.delays); err == nil {
			wait, ok = w, allowed
		}
	}
	if !ok && b.refused != nil {
		b.refused(key)
	}
	return wait, ok
}

func (b *Backoff) try(key string) (wait time.Duration, ok bool) {
	now := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.keys[key]
	switch {
	case a == nil || b.forgotten(a, now):
		if len(b.keys) >= maxKeys {
			b.tidy(now)
		}
		a = &attempts{}
		b.keys[key] = a
	case now.Before(a.last.Add(b.waitAfter(a.count))):
		return a.last.Add(b.waitAfter(a.count)).Sub(now), false
	}
	a.count++
	a.last = now
	return 0, true
}

// Undo takes the last attempt of a key back: it was right, and neither costs
// nor buys anything.
func (b *Backoff) Undo(key string) {
	if b == nil {
		return
	}
	b.mu.Lock()
	if a := b.keys[key]; a != nil && a.count > 0 {
		a.count--
	}
	b.mu.Unlock()
	if b.Shared != nil {
		b.Shared.Undo(b.name, key)
	}
}

// Forget gives a key all its free attempts back.
func (b *Backoff) Forget(key string) {
	if b == nil {
		return
	}
	b.mu.Lock()
	delete(b.keys, key)
	b.mu.Unlock()
	b.forget(key)
}

// waitAfter is how long after its last attempt a key with so many waits.
func (b *Backoff) waitAfter(count int) time.Duration {
	if count < b.free {
		return 0
	}
	wait := b.first
	for range count - b.free {
		if wait *= 2; wait >= b.most {
			return b.most
		}
	}
	return wait
}

func (b *Backoff) forgotten(a *attempts, now time.Time) bool { return now.Sub(a.last) >= 2*b.most }

// tidy drops keys that are forgotten anyway; if none is, it drops everything
// rather than growing without bound.
func (b *Backoff) tidy(now time.Time) {
	for key, a := range b.keys {
		if b.forgotten(a, now) {
			delete(b.keys, key)
		}
	}
	if len(b.keys) >= maxKeys {
		clear(b.keys)
	}
}
