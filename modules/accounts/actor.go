package accounts

import "context"

// Actor is the person who acts. Services take it as an argument, so that
// background work and tests need no request.
type Actor struct {
	// UserID is 0 for a visitor.
	UserID int64
	Name   string
	// LoginID names the row in login that this request or socket belongs to.
	LoginID string
}

// SignedIn reports whether the actor is a person with a verified account.
func (a Actor) SignedIn() bool { return a.UserID != 0 }

type actorKey struct{}

// WithActor puts the actor into the context of a request or socket event. Only
// handlers read it there; services get it as an argument.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom returns the actor of a request or socket event; the zero Actor for a
// visitor.
func ActorFrom(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
