package ratelimit_test

import (
	"testing"
	"time"

	"taskstack.org/platform/ratelimit"
)

func TestBurstThenWaitThenRefill(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	l := ratelimit.New(10*time.Second, 2, func() time.Time { return now })
	for range 2 {
		if _, ok := l.Take("a"); !ok {
			t.Fatal("the burst was refused")
		}
	}
	wait, ok := l.Take("a")
	if ok || wait <= 9*time.Second || wait > 10*time.Second {
		t.Fatalf("third at once: %v %v", wait, ok)
	}
	if _, ok := l.Take("b"); !ok {
		t.Fatal("another key was refused too")
	}
	now = now.Add(wait)
	if _, ok := l.Take("a"); !ok {
		t.Fatal("refused after the wait it had named")
	}
	l.Forget("a")
	if _, ok := l.Take("a"); !ok {
		t.Fatal("refused after Forget")
	}
}

func TestNilAllowsEverything(t *testing.T) {
	var l *ratelimit.Limiter
	if _, ok := l.Take("a"); !ok {
		t.Fatal("refused")
	}
	l.Forget("a")
}
