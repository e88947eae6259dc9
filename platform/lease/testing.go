package lease

import "time"

// Shorten makes a lease last four seconds, for tests.
func Shorten(l *Lease) { l.ttl, l.every = 4*time.Second, time.Second/2 }
