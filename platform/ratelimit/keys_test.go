package ratelimit

import (
	"fmt"
	"testing"
	"time"
)

// TestALimiterForgetsIdleKeysFirst fills a limiter to its last key: what is idle
// goes, who waits goes on waiting, and without anything idle it does not grow.
func TestALimiterForgetsIdleKeysFirst(t *testing.T) {
	const most = 100_000
	now := time.Unix(0, 0)
	l := New(10*time.Second, 2, func() time.Time { return now })
	for i := range most - 1 {
		l.Take(fmt.Sprint("idle ", i))
	}
	now = now.Add(10 * time.Second) // all of them have their whole burst again
	l.Take("waiting")
	l.Take("waiting")
	if len(l.keys) != most {
		t.Fatalf("%d keys, want all %d", len(l.keys), most)
	}
	if _, ok := l.Take("new"); !ok {
		t.Error("a new key is refused")
	}
	if _, ok := l.Take("waiting"); ok {
		t.Error("who has to wait was forgotten before those who are idle")
	}
	if len(l.keys) != 2 {
		t.Errorf("%d keys, want the waiting and the new one", len(l.keys))
	}
	for i := range most {
		l.Take(fmt.Sprint("busy ", i))
	}
	if len(l.keys) > most {
		t.Errorf("%d keys", len(l.keys))
	}
}

// TestABackoffForgetsOldKeysFirst is the same for attempts.
func TestABackoffForgetsOldKeysFirst(t *testing.T) {
	const most = 100_000
	now := time.Unix(0, 0)
	b := NewBackoff(1, time.Minute, time.Minute, func() time.Time { return now })
	for i := range most - 1 {
		b.Try(fmt.Sprint("old ", i))
	}
	now = now.Add(2 * time.Minute) // twice the longest wait
	b.Try("waiting")
	if len(b.keys) != most {
		t.Fatalf("%d keys, want all %d", len(b.keys), most)
	}
	if _, ok := b.Try("new"); !ok {
		t.Error("a new key is refused")
	}
	if _, ok := b.Try("waiting"); ok {
		t.Error("who has to wait was forgotten before what is old")
	}
	if len(b.keys) != 2 {
		t.Errorf("%d keys, want the waiting and the new one", len(b.keys))
	}
}
