package projects

import (
	"taskstack.org/modules/accounts"
	"taskstack.org/platform/socketio"
)

// Request is a request about a project: who sends it, and how it is answered.
// Record takes it as an argument, so that nothing that decides a result is
// hidden in a context.
type Request struct {
	By        accounts.Actor
	ProjectID int64

	// socket is the connection that sends the request; nil for a request that
	// is no event.
	socket *socketio.Socket
	// confirm sends the contract's confirmation; nil for none.
	confirm func()
	// once is nil for a request without an idempotency key.
	once *idempotent
}

// By returns a request of an actor that is no event and has no idempotency key.
func By(by accounts.Actor, projectID int64) Request { return Request{By: by, ProjectID: projectID} }

// newRequest returns the request of an actor with the shared part of a payload.
//
// Errors: Invalid with the field actionId for a malformed idempotency key.
func newRequest(by accounts.Actor, t Target) (Request, error) {
	r := By(by, int64(t.ProjectID))
	if t.IdempotencyKey.malformed {
		return r, errMalformedKey()
	}
	return r.withKey(t.IdempotencyKey.text), nil
}

// WithKey returns the request with an idempotency key; an empty key is none.
//
// Errors: Invalid with the field actionId for a malformed key.
func (r Request) WithKey(key string) (Request, error) {
	if key != "" && !keyRule.MatchString(key) {
		return r, errMalformedKey()
	}
	return r.withKey(key), nil
}

func (r Request) withKey(key string) Request {
	if key != "" && r.By.SignedIn() {
		r.once = &idempotent{key: key}
	}
	return r
}

// Confirming returns the request with the confirmation that old clients rely
// on: an event without data to the socket that sends the request, just before
// the project's room gets the first event of the change.
func (r Request) Confirming(event string) Request {
	return r.ConfirmedBy(func() { r.Emit(event) })
}

// ConfirmedBy is Confirming by a function instead of an event.
func (r Request) ConfirmedBy(confirm func()) Request {
	r.confirm = confirm
	return r
}

// Emit sends an event without data to the socket that sends the request.
func (r Request) Emit(event string) {
	if r.socket != nil {
		_ = r.socket.Emit(event) // a disconnected socket needs no answer
	}
}

// SocketID returns the id of the socket that sends the request; empty if the
// request is no event.
func (r Request) SocketID() string {
	if r.socket == nil {
		return ""
	}
	return r.socket.ID()
}
