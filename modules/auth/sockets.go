package auth

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/realtime"
)

// SocketAuth authenticates Socket.IO connections by the cookie of a login.
type SocketAuth struct{ m *Module }

// SocketAuth returns the authenticator of the realtime server.
func (m *Module) SocketAuth() SocketAuth { return SocketAuth{m} }

// visitorParam is the query parameter by which a page says that its viewer is
// not signed in. Old pages do not send it, and get the contract's refusal.
const visitorParam = "visitor"

// loginRoom is the room of all sockets of one login.
func loginRoom(loginID string) string { return realtime.Room("login", loginID) }

// Handshake finds the login by the cookie of a connection's first request.
func (a SocketAuth) Handshake(r *http.Request) (context.Context, []string, error) {
	who, err := a.identify(r)
	if errs.KindOf(err) == errs.Unauthenticated && r.URL.Query().Get(visitorParam) == "1" {
		return realtime.WithLang(r.Context(), r), nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	ctx := accounts.WithActor(realtime.WithLang(r.Context(), r), who.actor())
	rooms := []string{accounts.UserRoom(who.UserID), loginRoom(who.LoginID)}
	return logs.With(ctx, slog.Int64("user", who.UserID)), rooms, nil
}

// Credential returns the secret of the cookie, which names its login.
func (a SocketAuth) Credential(r *http.Request) string { return a.m.sessions.LoginID(r) }

func (a SocketAuth) identify(r *http.Request) (identity, error) {
	secret := a.m.sessions.LoginID(r)
	if secret == "" {
		return identity{}, errs.Of(errs.Unauthenticated)
	}
	return a.m.Logins.identify(r.Context(), hashSecret(secret))
}

// Event reads login and person again, in one statement: an ended login is refused,
// and a new name is known at once. A visitor stays one.
func (a SocketAuth) Event(ctx context.Context) (context.Context, error) {
	by := accounts.ActorFrom(ctx)
	if by.LoginID == "" {
		return ctx, nil
	}
	who, err := a.m.Logins.identify(ctx, by.LoginID)
	if err != nil {
		return nil, err
	}
	return accounts.WithActor(ctx, who.actor()), nil
}

// loginEndedEvent is an event of people's streams by which every server closes the
// sockets of a login that has ended.
const loginEndedEvent = "login_ended"

// endedLogin is its payload.
type endedLogin struct {
	ID string `json:"id"`
}

// deliverLoginEnded delivers the end of a login in the transaction that deletes it.
func (m *Module) deliverLoginEnded(ctx context.Context, e LoginEnded) error {
	return m.people.Deliver(ctx, loginEndedEvent, endedLogin{e.LoginID}, e.UserID)
}

// Sockets closes the sockets of a login that ends.
func (m *Module) Sockets(rt *realtime.Server) {
	m.people.OnDelivered(loginEndedEvent, func(ctx context.Context, userID int64, payload json.RawMessage) {
		room := accounts.UserRoom(userID) // a browser that is still signed in connects again
		var ended endedLogin
		if err := json.Unmarshal(payload, &ended); err == nil {
			room = loginRoom(ended.ID)
		}
		rt.Disconnect(ctx, room)
	})
}
