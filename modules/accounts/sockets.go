package accounts

import (
	"context"
	"net/http"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/realtime"
)

// socketAuth lets signed-in people connect.
type socketAuth struct{ m *Module }

// visitorParam is the query parameter by which a page says that it has nobody
// signed in. Old pages do not know it, and get the contract's refusal.
const visitorParam = "visitor"

// Handshake finds the login by the cookie of a connection's first request.
func (a socketAuth) Handshake(r *http.Request) (context.Context, []string, error) {
	who, err := a.identify(r)
	if errs.KindOf(err) == errs.Unauthenticated && r.URL.Query().Get(visitorParam) == "1" {
		return realtime.WithLang(r.Context(), r), nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	ctx := realtime.WithLang(r.Context(), r)
	rooms := []string{realtime.UserRoom(who.UserID), realtime.LoginRoom(who.LoginID)}
	return withIdentity(ctx, who), rooms, nil
}

// Credential is the secret of the cookie, which names its login.
func (a socketAuth) Credential(r *http.Request) string { return a.m.sessions.LoginID(r) }

func (a socketAuth) identify(r *http.Request) (identity, error) {
	secret := a.m.sessions.LoginID(r)
	if secret == "" {
		return identity{}, errs.Of(errs.Unauthenticated)
	}
	return a.m.Service.identify(r.Context(), hashSecret(secret))
}

// Event reads login and person again, in one statement: a login that has ended
// does nothing any more, and a new name is known at once. A visitor stays one.
func (a socketAuth) Event(ctx context.Context) (context.Context, error) {
	if ActorFrom(ctx).LoginID == "" {
		return ctx, nil
	}
	who, err := a.m.Service.identify(ctx, ActorFrom(ctx).LoginID)
	if err != nil {
		return nil, err
	}
	return WithActor(ctx, who.actor()), nil
}

// Sockets says who may connect, and closes the sockets of a login that ends.
func (m *Module) Sockets(rt *realtime.Server) {
	rt.SetAuthenticator(socketAuth{m})
	events.After(m.bus, func(ctx context.Context, e LoginEnded) { rt.EndLogin(ctx, e.LoginID) })
}
