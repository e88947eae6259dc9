package ratelimit

import "time"

// Limit is a token bucket: Burst at once, then one every Every.
type Limit struct {
	Every time.Duration
	Burst int
}

// Delays are those of a Backoff: Free attempts without any, then First, doubled up
// to Most.
type Delays struct {
	Free        int
	First, Most time.Duration
}

// Shared counts for all servers. An error means that it is away and has counted
// nothing; it must say so at once rather than wait. Names tell limits apart.
type Shared interface {
	// Take is Limiter.Take.
	Take(name, key string, l Limit) (wait time.Duration, ok bool, err error)
	// Try is Backoff.Try.
	Try(name, key string, d Delays) (wait time.Duration, ok bool, err error)
	// Undo is Backoff.Undo.
	Undo(name, key string)
	// Forget is that of Limiter and Backoff.
	Forget(name, key string)
}

// shared is what a limiter shares with those of its name on other servers.
type shared struct {
	Shared Shared
	name   string
}

func (s shared) forget(key string) {
	if s.Shared != nil {
		s.Shared.Forget(s.name, key)
	}
}
