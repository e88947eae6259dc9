package ratelimit

import (
	"strconv"
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	now := time.Unix(0, 0)
	b := NewBackoff(3, 10*time.Second, time.Minute, func() time.Time { return now })
	allowed := func(key string) {
		t.Helper()
		if wait, ok := b.Try(key); !ok {
			t.Fatalf("%s has to wait %v", key, wait)
		}
	}
	waits := func(want time.Duration) {
		t.Helper()
		// Asking again while waiting makes it neither longer nor shorter.
		for range 2 {
			if wait, ok := b.Try("a"); ok || wait != want {
				t.Fatalf("allowed %v, wait %v, want %v", ok, wait, want)
			}
		}
	}
	for range 3 {
		allowed("a")
	}
	for _, wait := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute, time.Minute} {
		waits(wait)
		now = now.Add(wait - time.Second)
		waits(time.Second)
		now = now.Add(time.Second)
		allowed("a")
	}
	allowed("b")

	b.Undo("b") // was right: costs nothing
	for range 3 {
		allowed("b")
	}
	if _, ok := b.Try("b"); ok {
		t.Error("an attempt taken back bought another one")
	}
	b.Undo("nobody")

	b.Forget("a")
	for range 3 {
		allowed("a")
	}
	waits(10 * time.Second)
	now = now.Add(2 * time.Minute)
	for range 3 { // long enough ago to be forgotten
		allowed("a")
	}
}

func TestANilBackoffAllowsEverything(t *testing.T) {
	var b *Backoff
	for range 100 {
		if _, ok := b.Try("a"); !ok {
			t.Fatal("refused")
		}
	}
	b.Undo("a")
	b.Forget("a")
}

func TestBackoffDoesNotGrowWithoutBound(t *testing.T) {
	now := time.Unix(0, 0)
	b := NewBackoff(1, time.Second, time.Minute, func() time.Time { return now })
	for i := range maxKeys + 10 {
		b.Try(strconv.Itoa(i))
	}
	if len(b.keys) > maxKeys {
		t.Errorf("%d keys", len(b.keys))
	}
}
