package realtime

import (
	"context"
	"encoding/json"
	"sync"
)

// visitorConcurrency is how many events of visitors of one address run at a
// time. A reply can be large, and takes several times its size while it is
// encoded.
const visitorConcurrency = 2

// visitors limits the concurrent events of visitors by address. The zero value
// is usable.
type visitors struct {
	mu         sync.Mutex
	semaphores map[string]*semaphore
}

type semaphore struct {
	slots      chan struct{}
	references int // holders and waiters
}

// run runs an event when a slot is free, and encodes its reply before it frees
// the slot.
func (v *visitors) run(ctx context.Context, address string, next func(context.Context) (any, error)) (any, error) {
	release, err := v.acquire(ctx, address)
	if err != nil {
		return nil, err
	}
	defer release()
	value, err := next(ctx)
	answer, ok := value.(OK)
	if err != nil || !ok {
		return value, err
	}
	answer["ok"] = true
	raw, err := json.Marshal(answer)
	return json.RawMessage(raw), err
}

// acquire waits for a slot. The events of a connection run one at a time, so
// there are never more waiters than an address may have connections.
func (v *visitors) acquire(ctx context.Context, address string) (release func(), err error) {
	v.mu.Lock()
	if v.semaphores == nil {
		v.semaphores = map[string]*semaphore{}
	}
	p := v.semaphores[address]
	if p == nil {
		p = &semaphore{slots: make(chan struct{}, visitorConcurrency)}
		v.semaphores[address] = p
	}
	p.references++
	v.mu.Unlock()
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots; v.release(address, p) }, nil
	case <-ctx.Done():
		v.release(address, p)
		return nil, ctx.Err()
	}
}

func (v *visitors) release(address string, p *semaphore) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p.references--; p.references == 0 {
		delete(v.semaphores, address)
	}
}
