package socketio

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
)

// Namespace is one of the channels multiplexed over a connection. Handlers and
// middleware are registered before the server serves.
type Namespace struct {
	srv  *Server
	name string

	handlers        map[string]handler
	middleware      []func(ctx context.Context, s *Socket) error
	eventMiddleware []EventMiddleware
	onConnect       []func(ctx context.Context, s *Socket)
	onDisconnect    []func(ctx context.Context, s *Socket, reason string)

	// mu guards the members. Broadcasts hold it for reading while they queue;
	// nothing below it ever takes it while holding a connection's lock.
	mu      sync.RWMutex
	sockets map[string]*Socket
	all     room
	rooms   map[string]*room

	log *eventLog // recent events, nil without recovery

	// asked counts the questions of Socket.Call. Their ids are never used
	// twice, so that an acknowledgement that comes late, after its socket has
	// left or its client has connected again, answers nothing else.
	asked atomic.Uint64
}

// Name is the namespace's name, such as "/project".
func (ns *Namespace) Name() string { return ns.name }

// Use adds connection middleware. An error refuses the namespace to the
// client, with the error's message; see ConnectError.
func (ns *Namespace) Use(f func(ctx context.Context, s *Socket) error) {
	ns.middleware = append(ns.middleware, f)
}

// UseEvent adds middleware around every event, the first added outermost.
func (ns *Namespace) UseEvent(f EventMiddleware) {
	ns.eventMiddleware = append(ns.eventMiddleware, f)
}

// OnConnect adds a function that is called when a socket has been admitted,
// before its first event.
func (ns *Namespace) OnConnect(f func(ctx context.Context, s *Socket)) {
	ns.onConnect = append(ns.onConnect, f)
}

// OnDisconnect adds a function that is called once for every admitted socket
// after its last event. The socket has left its rooms by then; Socket.Rooms
// still names them. The reasons are the Reason constants.
func (ns *Namespace) OnDisconnect(f func(ctx context.Context, s *Socket, reason string)) {
	ns.onDisconnect = append(ns.onDisconnect, f)
}

func (ns *Namespace) register(name string, input reflect.Type, f handlerFunc) {
	if _, ok := ns.handlers[name]; ok {
		//nolint:forbidigo // a mistake of the program, found at its start, as with http.ServeMux
		panic(fmt.Sprintf("socketio: event %q of %s registered twice", name, ns.name))
	}
	ns.handlers[name] = handler{f, input, takesAttachments(input)}
}

// Inputs are the input types of the events that have a handler, by name.
func (ns *Namespace) Inputs() map[string]reflect.Type {
	inputs := make(map[string]reflect.Type, len(ns.handlers))
	for name, h := range ns.handlers {
		inputs[name] = h.input
	}
	return inputs
}

// Events names the events that have a handler, in alphabetical order.
func (ns *Namespace) Events() []string { return slices.Sorted(maps.Keys(ns.handlers)) }

// To addresses the sockets in any of the rooms; without rooms, all sockets.
func (ns *Namespace) To(rooms ...string) Target { return Target{ns: ns, in: rooms} }

// In is To.
func (ns *Namespace) In(rooms ...string) Target { return ns.To(rooms...) }

// Emit sends an event to all sockets of the namespace.
func (ns *Namespace) Emit(event string, args ...any) error { return ns.To().Emit(event, args...) }

// Len counts this server's sockets in a room; an empty name counts all of the
// namespace.
func (ns *Namespace) Len(name string) int {
	ns.mu.RLock()
	defer ns.mu.RUnlock()
	if name == "" {
		return len(ns.sockets)
	}
	if r := ns.rooms[name]; r != nil {
		return len(r.members)
	}
	if _, ok := ns.sockets[name]; ok {
		return 1
	}
	return 0
}

// Socket finds one of this server's sockets by its id.
func (ns *Namespace) Socket(id string) (*Socket, bool) {
	ns.mu.RLock()
	defer ns.mu.RUnlock()
	s, ok := ns.sockets[id]
	return s, ok
}

// Target is a set of sockets of a namespace, on all servers. It is a value:
// each method returns a narrower one.
type Target struct {
	ns       *Namespace
	in       []string
	except   []string
	volatile bool
	local    bool
}

// To adds rooms.
func (t Target) To(rooms ...string) Target {
	t.in = append(t.in[:len(t.in):len(t.in)], rooms...)
	return t
}

// Except leaves out the sockets in any of the rooms.
func (t Target) Except(rooms ...string) Target {
	t.except = append(t.except[:len(t.except):len(t.except)], rooms...)
	return t
}

// Volatile lets clients that have something waiting already miss the event.
func (t Target) Volatile() Target { t.volatile = true; return t }

// Local restricts the target to this server.
func (t Target) Local() Target { t.local = true; return t }

// Emit sends an event with its arguments: any values that encoding/json can
// encode; json.RawMessage goes out as it is, Binary as an attachment. The
// event is encoded once for all sockets. It returns an encoding error.
func (t Target) Emit(event string, args ...any) error {
	return t.ns.srv.emit(t, event, args)
}

// Sockets lists the sockets, asking the other servers too.
func (t Target) Sockets(ctx context.Context) ([]SocketInfo, error) {
	found := t.ns.srv.LocalSockets(t.ns.name, t.rooms())
	a := t.ns.srv.opt.Adapter
	if a == nil || t.local {
		return found, nil
	}
	others, err := a.Fetch(ctx, t.ns.name, t.rooms())
	return append(found, others...), err
}

// Join makes the sockets join rooms.
func (t Target) Join(rooms ...string) error {
	return t.command(Command{Kind: CommandJoin, Rooms: rooms})
}

// Leave makes the sockets leave rooms.
func (t Target) Leave(rooms ...string) error {
	return t.command(Command{Kind: CommandLeave, Rooms: rooms})
}

// Disconnect makes the sockets leave the namespace; with whole, their
// connections are closed instead.
func (t Target) Disconnect(whole bool) error {
	return t.command(Command{Kind: CommandDisconnect, Close: whole})
}

func (t Target) rooms() Rooms { return Rooms{In: t.in, Except: t.except} }

func (t Target) command(cmd Command) error {
	cmd.Namespace, cmd.To = t.ns.name, t.rooms()
	err := t.ns.srv.Apply(cmd)
	if err == nil && !t.local {
		err = t.ns.srv.publish(cmd)
	}
	return err
}
