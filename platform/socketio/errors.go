package socketio

import (
	"errors"
	"fmt"
	"net/http"
)

var (
	// ErrDisconnected is the error of an operation on a socket that has left,
	// or that is not yet admitted to its namespace.
	ErrDisconnected = errors.New("socketio: socket is not connected")
	// ErrUnknownEvent is what the event chain ends in when no handler is
	// registered for the event's name.
	ErrUnknownEvent = errors.New("socketio: unknown event")
	// ErrAttachments is what the event chain ends in when an event that takes
	// no attachments comes with some.
	ErrAttachments = errors.New("socketio: event takes no attachments")
	// ErrServerClosed is the error of a server that is draining or closed.
	ErrServerClosed = errors.New("socketio: server closed")
)

// RefuseError decides the HTTP answer of a refused handshake when
// Options.AllowRequest returns it.
type RefuseError struct {
	Status int    // HTTP status, 403 if zero
	Body   string // sent as application/json
	Reason string // short class for logs and metrics, such as "unauthenticated"; default "refused"
}

func (e *RefuseError) Error() string {
	return fmt.Sprintf("socketio: handshake refused: %d %s", e.status(), e.reason())
}

func (e *RefuseError) status() int {
	if e.Status == 0 {
		return http.StatusForbidden
	}
	return e.Status
}

func (e *RefuseError) reason() string {
	if e.Reason == "" {
		return "refused"
	}
	return e.Reason
}

// ConnectError refuses a namespace with a message and, for clients of protocol
// 5, data when connection middleware returns it. Any other error refuses with
// its Error text.
type ConnectError struct {
	Message string // an empty one makes the bare packet "44/name" for clients of protocol 4
	Data    any    // must be encodable as JSON
}

func (e *ConnectError) Error() string { return e.Message }

// DecodeError says that the argument of an event does not fit the handler's
// input type. The handler was not called.
type DecodeError struct {
	Event string // name of the event
	Field string // dotted path of the offending field; empty for the argument itself
	Fault Fault  // what is wrong with it
	Want  Want   // the type it should have, for FaultType
	Max   int    // the most it may have, for FaultTooMany and FaultTooLong; 0 if it has no limit of its own
	Err   error
}

func (e *DecodeError) Error() string {
	text := fmt.Sprintf("socketio: event %q", e.Event)
	if e.Field != "" {
		text += fmt.Sprintf(": field %q", e.Field)
	}
	if e.Err != nil {
		return text + ": " + e.Err.Error()
	}
	return text + ": " + string(e.Fault)
}

func (e *DecodeError) Unwrap() error { return e.Err }

// PanicError is the error of an event whose handler panicked. It goes the way
// of any error that a handler returns.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("socketio: handler panicked: %v", e.Value) }
