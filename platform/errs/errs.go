// Package errs holds the kinds of error the product knows and nothing else.
//
// A service returns an *Error; one place in platform/web turns it into a page
// or JSON, one place in platform/realtime into a socket acknowledgement. What
// a person reads is a message key, translated at the edge into the language of
// the caller; the cause is only logged.
package errs

import (
	"errors"
	"fmt"
	"time"
)

// Kind classifies an error by what the caller can do about it. Its text is
// what socket acknowledgements and JSON answers carry as "error".
type Kind string

// The kinds; the table in docs/errors.md says how each is answered.
const (
	Invalid         Kind = "invalid"
	Unauthenticated Kind = "unauthenticated"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "notFound"
	Conflict        Kind = "conflict"
	TooLarge        Kind = "tooLarge"
	RateLimited     Kind = "rateLimited"
	StaleToken      Kind = "staleToken"
	Unavailable     Kind = "unavailable"
	Internal        Kind = "internal"
)

// Message is a text to be translated: a catalogue key and its parameters as
// name, value, name, value.
type Message struct {
	Key    string
	Params []any
}

// FieldName as a parameter of a Message is shown as what people call the input
// field of that name.
type FieldName string

// Missing is an Invalid error about an input field that is not there.
func Missing(name string) *Error { return Malformed(name, "errors.missing", "Field", FieldName(name)) }

// Malformed is Field for input that no page of ours sends.
func Malformed(name, key string, params ...any) *Error {
	e := Field(name, key, params...)
	e.Malformed = true
	return e
}

// Text makes a Message.
func Text(key string, params ...any) Message { return Message{Key: key, Params: params} }

// Error is an error that may be shown to a user or a client.
type Error struct {
	Kind Kind
	// Message says what happened; empty means the standard text of the kind.
	Message Message
	// Fields holds one message per input field, for Invalid and Conflict.
	Fields map[string]Message
	// Malformed marks input that no page of ours sends: HTTP answers it with 400
	// whether it names fields or not.
	Malformed bool
	// Current is what is there instead, for a Conflict whose sender wants to see
	// it.
	Current map[string]any
	// RetryAfter is when a RateLimited or Unavailable request may come again.
	RetryAfter time.Duration
	// Cause is logged and never shown.
	Cause error
}

// Error describes the error for logs, never for people.
func (e *Error) Error() string {
	text := string(e.Kind)
	if e.Message.Key != "" {
		text += ": " + e.Message.Key
	}
	for name, m := range e.Fields {
		text += fmt.Sprintf(" [%s: %s]", name, m.Key)
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is(err, errs.Of(kind)) true for every error of that kind.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Message.Key == "" && t.Fields == nil && t.Cause == nil
}

// Of is a bare error of a kind, answered with the kind's standard text; it is
// also what errors.Is compares with.
func Of(kind Kind) *Error { return &Error{Kind: kind} }

// New is an error of a kind with a message of its own.
func New(kind Kind, key string, params ...any) *Error {
	return &Error{Kind: kind, Message: Text(key, params...)}
}

// Field is an Invalid error about one input field.
func Field(name, key string, params ...any) *Error {
	return &Error{Kind: Invalid, Fields: map[string]Message{name: Text(key, params...)}}
}

// Because wraps a cause into an error of a kind.
func Because(kind Kind, cause error) *Error { return &Error{Kind: kind, Cause: cause} }

// As finds the *Error in err; anything unknown becomes Internal with err as
// its cause. It returns nil for nil.
func As(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Cause: err}
}

// KindOf is the kind of err: Internal for an error this package does not know,
// empty for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	return As(err).Kind
}

// Fields collects messages while input is checked.
type Fields map[string]Message

// Add notes the first problem of a field; later ones of the same field are
// dropped, since a person corrects one thing at a time.
func (f Fields) Add(name, key string, params ...any) {
	if _, ok := f[name]; !ok {
		f[name] = Text(key, params...)
	}
}

// Err is an Invalid error if anything was added, else nil.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Fields: f}
}
