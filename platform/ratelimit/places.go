package ratelimit

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// ErrBusy says that all places are taken and too many wait, or that the wait
// was too long.
var ErrBusy = errors.New("all places are taken")

// Places bounds how many do something costly at a time, and how many may wait
// for it. Nil Places let everyone in. It is safe for concurrent use.
type Places struct {
	taken   chan struct{}
	waiting atomic.Int64
	most    int64
	timeout time.Duration
	refused func()
}

// NewPlaces returns a semaphore of atOnce places; waiting callers may wait, each
// for timeout at most.
func NewPlaces(atOnce, waiting int, timeout time.Duration) *Places {
	return &Places{taken: make(chan struct{}, atOnce), most: int64(waiting), timeout: timeout}
}

// OnRefuse calls count for every refusal, for metrics. It returns p. Only while
// wiring.
func (p *Places) OnRefuse(count func()) *Places {
	p.refused = count
	return p
}

// Enter takes a place, which leave releases. Errors: ErrBusy; the context's.
func (p *Places) Enter(ctx context.Context) (leave func(), err error) {
	if p == nil {
		return func() {}, nil
	}
	if p.waiting.Add(1) > p.most+int64(cap(p.taken)-len(p.taken)) {
		p.waiting.Add(-1)
		return nil, p.refuse()
	}
	defer p.waiting.Add(-1)
	timer := time.NewTimer(p.timeout)
	defer timer.Stop()
	select {
	case p.taken <- struct{}{}:
		return p.leave, nil
	case <-timer.C:
		return nil, p.refuse()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Wait takes a place however long that takes, for work in the background. The
// error is the context's.
func (p *Places) Wait(ctx context.Context) (leave func(), err error) {
	if p == nil {
		return func() {}, nil
	}
	select {
	case p.taken <- struct{}{}:
		return p.leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *Places) leave() { <-p.taken }

func (p *Places) refuse() error {
	if p.refused != nil {
		p.refused()
	}
	return ErrBusy
}
