package realtime

import (
	"context"
	"encoding/json"
	"sync"
)

// visitorPlaces is how many events of visitors of one address are carried out
// at a time. The answer to sync_project can be large, and while it is made it
// takes several times its size.
const visitorPlaces = 2

// visitors bounds what is done for visitors at a time, by address. The zero
// value is ready.
type visitors struct {
	mu     sync.Mutex
	places map[string]*visitorPlace
}

type visitorPlace struct {
	taken chan struct{}
	users int // who holds or waits
}

// run carries an event out when there is a place, and encodes its answer before
// it gives the place back.
func (v *visitors) run(ctx context.Context, address string, next func(context.Context) (any, error)) (any, error) {
	leave, err := v.enter(ctx, address)
	if err != nil {
		return nil, err
	}
	defer leave()
	value, err := next(ctx)
	answer, ok := value.(OK)
	if err != nil || !ok {
		return value, err
	}
	answer["ok"] = true
	raw, err := json.Marshal(answer)
	return json.RawMessage(raw), err
}

// enter waits for a place. A connection's events come one at a time, so those
// who wait are no more than an address may have connections.
func (v *visitors) enter(ctx context.Context, address string) (leave func(), err error) {
	v.mu.Lock()
	if v.places == nil {
		v.places = map[string]*visitorPlace{}
	}
	p := v.places[address]
	if p == nil {
		p = &visitorPlace{taken: make(chan struct{}, visitorPlaces)}
		v.places[address] = p
	}
	p.users++
	v.mu.Unlock()
	select {
	case p.taken <- struct{}{}:
		return func() { <-p.taken; v.left(address, p) }, nil
	case <-ctx.Done():
		v.left(address, p)
		return nil, ctx.Err()
	}
}

func (v *visitors) left(address string, p *visitorPlace) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p.users--; p.users == 0 {
		delete(v.places, address)
	}
}
