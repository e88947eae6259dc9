package chats

import "sync"

// order lets the changes of one chat wait for each other before they take a
// connection to the database: however many people write into one chat at once, the
// others' requests find a connection.
type order struct {
	mu    sync.Mutex
	chats map[orderKey]*turn
}

type orderKey struct {
	kind Kind
	id   int64
}

type turn struct {
	mu      sync.Mutex
	waiting int // guarded by order.mu
}

// lock waits for its turn and returns the function that ends it.
func (o *order) lock(kind Kind, chatID int64) (unlock func()) {
	key := orderKey{kind, chatID}
	o.mu.Lock()
	if o.chats == nil {
		o.chats = map[orderKey]*turn{}
	}
	t := o.chats[key]
	if t == nil {
		t = &turn{}
		o.chats[key] = t
	}
	t.waiting++
	o.mu.Unlock()
	t.mu.Lock()
	return func() {
		t.mu.Unlock()
		o.mu.Lock()
		defer o.mu.Unlock()
		if t.waiting--; t.waiting == 0 {
			delete(o.chats, key)
		}
	}
}
