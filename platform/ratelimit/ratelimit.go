// Package ratelimit limits how often something may be done, per key (an
// address, an account). It is in memory and per server; with a Shared it holds
// over all servers, and per server while that is away.
package ratelimit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys bounds the memory one limiter takes; beyond it, idle keys are
// forgotten first.
const maxKeys = 100_000

// Limiter allows each key a burst, refilled one every interval. A nil Limiter
// allows everything. Safe for concurrent use.
type Limiter struct {
	every time.Duration
	burst int
	now   func() time.Time
	// refused is called for every refusal, outside the lock, with its key.
	refused func(key string)
	shared
	limit Limit

	mu   sync.Mutex
	keys map[string]*rate.Limiter
}

// New makes a limiter: burst at once, then one per every.
func New(every time.Duration, burst int, now func() time.Time) *Limiter {
	return &Limiter{every: every, burst: burst, now: now, keys: map[string]*rate.Limiter{}, limit: Limit{Every: every, Burst: burst}}
}

// OnRefuse calls count for every refusal with its key, for metrics. It returns the limiter.
// Only while wiring.
func (l *Limiter) OnRefuse(count func(key string)) *Limiter {
	l.refused = count
	return l
}

// Over makes the limit hold over all servers; name tells it from others. A nil s
// changes nothing. It returns the limiter. Only while wiring.
func (l *Limiter) Over(s Shared, name string) *Limiter {
	l.shared = shared{s, name}
	return l
}

// Take uses up one of key's tokens. If there is none it returns false and how
// long until there is one.
func (l *Limiter) Take(key string) (wait time.Duration, ok bool) {
	if l == nil {
		return 0, true
	}
	// It is counted here too, so that the limit goes on when Shared is away.
	wait, ok = l.take(key)
	if l.Shared != nil {
		if w, allowed, err := l.Shared.Take(l.name, key, l.limit); err == nil {
			wait, ok = w, allowed
		}
	}
	if !ok && l.refused != nil {
		l.refused(key)
	}
	return wait, ok
}

func (l *Limiter) take(key string) (wait time.Duration, ok bool) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	lim := l.keys[key]
	if lim == nil {
		if len(l.keys) >= maxKeys {
			l.forgetIdle(now)
		}
		lim = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.keys[key] = lim
	}
	if lim.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - lim.TokensAt(now)
	return time.Duration(missing * float64(l.every)), false
}

// Forget gives a key its whole burst back, for instance after a right password.
func (l *Limiter) Forget(key string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	delete(l.keys, key)
	l.mu.Unlock()
	l.forget(key)
}

// forgetIdle drops keys whose burst is full again; if all are busy, it drops
// everything rather than growing without bound.
func (l *Limiter) forgetIdle(now time.Time) {
	for key, lim := range l.keys {
		if lim.TokensAt(now) >= float64(l.burst) {
			delete(l.keys, key)
		}
	}
	if len(l.keys) >= maxKeys {
		clear(l.keys)
	}
}
