package socketio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// Event is an event as it was received.
type Event struct {
	Name        string
	Args        []json.RawMessage // what follows the name
	Attachments [][]byte          // binary attachments, in order
	WantsAck    bool              // the client asked for an acknowledgement
	Registered  bool              // a handler exists for this name
	Received    time.Time
	Size        int // bytes of the packet with its attachments
}

// Decode decodes argument i into v, attachments included. It returns a
// *DecodeError.
func (e Event) Decode(i int, v any) error {
	if i >= len(e.Args) {
		return &DecodeError{Event: e.Name, Err: errors.New("argument missing")}
	}
	raw := e.Args[i]
	if string(raw) == "null" {
		return &DecodeError{Event: e.Name, Err: errors.New("argument is null")}
	}
	err := decodeValue(raw, e.Attachments, v)
	if err == nil {
		return nil
	}
	d := &DecodeError{Event: e.Name, Err: err}
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		d.Field = te.Field
	}
	return d
}

// handlerFunc is a registered handler with its decoding.
type handlerFunc func(ctx context.Context, s *Socket, ev Event) (any, error)

// On registers the handler of an event, with its first argument decoded into
// In: a struct, a scalar such as ID or string, NoArgs or RawArgs. An argument
// that is missing, null or does not fit never reaches the handler: a
// *DecodeError is returned in its place. What the handler returns goes through
// the functions of Namespace.UseEvent to Options.Ack; it is sent only to a
// client that asked for an acknowledgement.
//
// On is called before the server serves. Like http.ServeMux it panics when a
// name is registered twice.
func On[In any](ns *Namespace, name string, h func(ctx context.Context, s *Socket, in In) (any, error)) {
	ns.register(name, func(ctx context.Context, s *Socket, ev Event) (any, error) {
		var in In
		switch p := any(&in).(type) {
		case *NoArgs:
		case *RawArgs:
			*p = ev.Args
		default:
			if err := ev.Decode(0, &in); err != nil {
				return nil, err
			}
		}
		return h(ctx, s, in)
	})
}

// EventMiddleware runs around every event of a namespace, known or not. It
// calls next, at most once, to go on; what it returns is the event's outcome.
type EventMiddleware func(ctx context.Context, s *Socket, ev Event, next func(ctx context.Context) (any, error)) (any, error)

// dispatch runs one event through middleware and handler.
func (ns *Namespace) dispatch(ctx context.Context, s *Socket, ev Event) (value any, err error) {
	defer func() {
		if v := recover(); v != nil {
			value, err = nil, &PanicError{Value: v, Stack: debug.Stack()}
			ns.srv.opt.Logger.ErrorContext(ctx, "socket handler panicked", "event", ev.Name,
				"namespace", ns.name, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	return ns.around(ctx, s, ev, 0)
}

func (ns *Namespace) around(ctx context.Context, s *Socket, ev Event, i int) (any, error) {
	if i < len(ns.eventMiddleware) {
		return ns.eventMiddleware[i](ctx, s, ev, func(ctx context.Context) (any, error) {
			return ns.around(ctx, s, ev, i+1)
		})
	}
	return ns.call(ctx, s, ev)
}

// call runs the handler. A panic is caught here, so that the middleware around
// it sees it as an error like any other.
func (ns *Namespace) call(ctx context.Context, s *Socket, ev Event) (value any, err error) {
	h, ok := ns.handlers[ev.Name]
	if !ok {
		return nil, ErrUnknownEvent
	}
	defer func() {
		if v := recover(); v != nil {
			value, err = nil, &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return h(ctx, s, ev)
}
