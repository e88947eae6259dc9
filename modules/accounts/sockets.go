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

// Handshake finds the login by the cookie of a connection's first request.
func (a socketAuth) Handshake(r *http.Request) (context.Context, []string, error) {
	secret := a.m.sessions.LoginID(r)
	if secret == "" {
		return nil, nil, errs.Of(errs.Unauthenticated)
	}
	who, err := a.m.Service.identify(r.Context(), hashSecret(secret))
	if err != nil {
		return nil, nil, err
	}
	ctx := realtime.WithLang(r.Context(), r)
	rooms := []string{realtime.UserRoom(who.UserID), realtime.LoginRoom(who.LoginID)}
	return withIdentity(ctx, who), rooms, nil
}

// Event reads login and person again, in one statement: a login that has ended
// does nothing any more, and a new name is known at once.
func (a socketAuth) Event(ctx context.Context) (context.Context, error) {
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
	events.After(m.bus, func(_ context.Context, e PictureChanged) { rt.ToUser(e.UserID, "picture_changed", wirePicture(e)) })
}

// pictureChanged is what open pages are told of somebody's new picture.
type pictureChanged struct {
	ID          int64  `json:"id"`
	PicURL      string `json:"picUrl"`
	LargePicURL string `json:"largePicUrl"`
}

func wirePicture(e PictureChanged) pictureChanged {
	return pictureChanged{ID: e.UserID, PicURL: e.Person.PicURL, LargePicURL: e.Person.LargePicURL}
}
