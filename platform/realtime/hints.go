package realtime

import "context"

// Hints notifies other servers about committed events of streams, and this server
// about theirs. A hint may be lost, doubled or late: the log is the truth. Every
// server delivers a stream to its own sockets only; so a stream's own sends must
// stay on this server (Target.Local).
type Hints interface {
	// Publish notifies the servers that hold a stream about a committed event. It
	// never waits; where the event cannot be sent it is dropped.
	Publish(kind string, id int64, e Event)
	// Hold subscribes to a stream, or ends the subscription. It is called when
	// the first socket joins and when the room is empty; it never waits or calls
	// back.
	Hold(kind string, id int64, held bool)
	// Receive registers the function that is given the hints of a kind, from one
	// goroutine at a time per stream, and check, which is given streams whose
	// subscription has just begun, the first time or again: what was published
	// before was missed. It is called before the server serves.
	Receive(kind string, fn func(ctx context.Context, id int64, e Event), check func(ctx context.Context, ids []int64))
	// Live reports whether hints have been arriving since the given subscription
	// changes: false while the connection is down or not all held streams are
	// subscribed. The servers then ask the database every second.
	Live() bool
}

// noHints are those of a server that gets none.
type noHints struct{}

func (noHints) Publish(string, int64, Event) {}
func (noHints) Hold(string, int64, bool)     {}
func (noHints) Receive(string, func(context.Context, int64, Event), func(context.Context, []int64)) {
}

func (noHints) Live() bool { return false }
