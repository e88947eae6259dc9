package ratelimit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"taskstack.org/platform/ratelimit"
)

func TestPlaces(t *testing.T) {
	refusals := 0
	p := ratelimit.NewPlaces(2, 3, time.Hour).OnRefuse(func() { refusals++ })
	var leave []func()
	for range 2 {
		l, err := p.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, l)
	}
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, 10)
	for range 4 { // three wait, one more is refused
		go func() {
			l, err := p.Enter(ctx)
			if err == nil {
				l()
			}
			results <- err
		}()
	}
	if err := <-results; !errors.Is(err, ratelimit.ErrBusy) || refusals != 1 {
		t.Fatalf("the fourth who waits: %v, %d refusals", err, refusals)
	}
	leave[0]() // all three in turn
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	l, err := p.Enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // who leaves gives the place in the queue back
		go func() { _, err := p.Enter(ctx); results <- err }()
	}
	go func() { _, err := p.Wait(ctx); results <- err }()
	cancel()
	for range 3 {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	l()
	leave[1]()
	for range 2 {
		if _, err := p.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestPlacesWaitForAWhileOnly(t *testing.T) {
	p := ratelimit.NewPlaces(1, 1, time.Millisecond)
	if _, err := p.Enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Enter(t.Context()); !errors.Is(err, ratelimit.ErrBusy) {
		t.Errorf("got %v", err)
	}
	var none *ratelimit.Places
	for range 3 {
		if leave, err := none.Enter(t.Context()); err != nil || leave == nil {
			t.Error(err)
		}
	}
}
