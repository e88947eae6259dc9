package socketio

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"

	"taskstack.org/platform/socketio/internal/parser"
)

// Event is an event as it was received.
type Event struct {
	Name        string
	Args        []json.RawMessage // what follows the name
	Attachments [][]byte          // binary attachments, in order
	WantsAck    bool              // the client asked for an acknowledgement
	Registered  bool              // a handler exists for this name
	Refused     error             // what Options.AllowEvent said, ErrUnknownEvent, or ErrAttachments
	Size        int               // bytes of the packet with its attachments; 0 if it was refused
}

// Decode decodes argument i into v, a pointer, attachments included. It returns
// a *DecodeError.
func (e Event) Decode(i int, v any) error {
	s, err := shapeOf(reflect.TypeOf(v))
	if err != nil {
		return err
	}
	return e.decode(i, v, s)
}

// decode is Decode for a type whose shape is known: arrays are counted before
// anything is decoded.
func (e Event) decode(i int, v any, s *shape) error {
	if i >= len(e.Args) || string(e.Args[i]) == "null" {
		return &DecodeError{Event: e.Name, Fault: FaultMissing}
	}
	raw := e.Args[i]
	fault := s.count(raw, "")
	if fault == nil {
		if err := decodeValue(raw, e.Attachments, v); err != nil {
			fault = s.locate(raw, "")
			fault.Err = err
		} else {
			fault = s.check(reflect.Indirect(reflect.ValueOf(v)), "")
		}
	}
	if fault == nil {
		return nil
	}
	fault.Event = e.Name
	return fault
}

// handlerFunc is a registered handler with its decoding.
type handlerFunc func(ctx context.Context, s *Socket, ev Event) (any, error)

// handler is what a namespace knows of an event.
type handler struct {
	call        handlerFunc
	input       reflect.Type
	attachments bool // its input has a place for some
}

// On registers the handler of an event, with its first argument decoded into
// In: a struct, a scalar such as ID or string, NoArgs or RawArgs. An argument
// that is missing, null or does not fit never reaches the handler: a
// *DecodeError is returned in its place. Fields that are slices or maps give the
// most elements they take in the tag `event:"max=500"`, else it is 1,000; more
// are refused before they are decoded. What the handler returns goes through
// the functions of Namespace.UseEvent to Options.Ack; it is sent only to a
// client that asked for an acknowledgement. Args makes several arguments of it,
// NoAck none and no acknowledgement either.
//
// Attachments are taken only for events whose In has a Binary somewhere, or is
// RawArgs; with any other event they make it ErrAttachments.
//
// On is called before the server serves. Like http.ServeMux it panics when a
// name is registered twice or a tag cannot be read.
func On[In any](ns *Namespace, name string, h func(ctx context.Context, s *Socket, in In) (any, error)) {
	shape, err := shapeOf(reflect.TypeFor[In]())
	if err != nil {
		panic(fmt.Sprintf("%v, event %q", err, name)) //nolint:forbidigo // found at the start, as a double name is
	}
	ns.register(name, reflect.TypeFor[In](), func(ctx context.Context, s *Socket, ev Event) (any, error) {
		var in In
		switch p := any(&in).(type) {
		case *NoArgs:
		case *RawArgs:
			*p = ev.Args
		default:
			if err := ev.decode(0, &in, shape); err != nil {
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
	if ev.Refused != nil {
		return nil, ev.Refused
	}
	h, ok := ns.handlers[ev.Name]
	if !ok {
		return nil, ErrUnknownEvent
	}
	defer func() {
		if v := recover(); v != nil {
			value, err = nil, &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return h.call(ctx, s, ev)
}

// eventOf turns a complete EVENT packet into an Event.
func eventOf(p *parser.Packet) (Event, error) {
	ev := Event{Name: p.Event, Attachments: p.Attachments, WantsAck: p.Ack != parser.NoAck, Size: p.Size, Refused: p.Refused}
	if p.Refused != nil {
		ev.Size = 0
		return ev, nil //nolint:nilerr // the event carries its refusal
	}
	if len(p.Elements) == 0 {
		return Event{}, parser.ErrProtocol
	}
	ev.Args = p.Elements[1:]
	return ev, nil
}
