package events_test

import (
	"context"
	"errors"
	"testing"

	"taskstack.org/platform/events"
)

// heldCommit keeps what waits for the commit until the test commits.
type heldCommit struct{ fns []func(context.Context) }

func (h *heldCommit) AfterCommit(_ context.Context, fn func(context.Context)) {
	h.fns = append(h.fns, fn)
}

type (
	renamed struct{ name string }
	removed struct{}
)

func TestPublishReachesListenersOfItsTypeInOrder(t *testing.T) {
	tx := &heldCommit{}
	bus := events.NewBus(tx)
	var got []string
	events.On(bus, func(_ context.Context, e renamed) error { got = append(got, "1:"+e.name); return nil })
	events.On(bus, func(_ context.Context, e renamed) error { got = append(got, "2:"+e.name); return nil })
	events.On(bus, func(context.Context, removed) error { got = append(got, "removed"); return nil })
	events.After(bus, func(_ context.Context, e renamed) { got = append(got, "after:"+e.name) })

	if err := bus.Publish(t.Context(), renamed{"x"}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != "1:x" || got[1] != "2:x" {
		t.Fatalf("before the commit: %v", got)
	}
	for _, fn := range tx.fns {
		fn(t.Context())
	}
	if len(got) != 3 || got[2] != "after:x" {
		t.Fatalf("after the commit: %v", got)
	}
}

func TestAnErrorOfAListenerReachesThePublisher(t *testing.T) {
	tx := &heldCommit{}
	bus := events.NewBus(tx)
	boom := errors.New("boom")
	events.On(bus, func(context.Context, renamed) error { return boom })
	events.After(bus, func(context.Context, renamed) { t.Error("told although the publisher failed") })
	if err := bus.Publish(t.Context(), renamed{}); !errors.Is(err, boom) {
		t.Fatalf("got %v", err)
	}
	if len(tx.fns) != 0 {
		t.Fatal("an after-listener waits for the commit of a failed publication")
	}
}
