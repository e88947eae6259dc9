package accounts

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
)

func TestSocketsAreAskedWhoTheyAreBeforeEveryEvent(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		by, cookie := MakeLogin(t, s.Service.db, s.sessions, MakeUser(t, s.Service.db, "anna"))
		auth := socketAuth{s.Module}
		request := func() *http.Request {
			return httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/socket.io/?EIO=4&transport=polling", nil)
		}
		if _, _, err := auth.Handshake(request()); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("handshake without a cookie: %v", err)
		}
		for query, want := range map[string]errs.Kind{"&visitor=1": "", "&visitor=0": errs.Unauthenticated, "&visitor": errs.Unauthenticated} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/socket.io/?EIO=4&transport=polling"+query, nil)
			ctx, rooms, err := auth.Handshake(r)
			if errs.KindOf(err) != want || len(rooms) > 0 || err == nil && ActorFrom(ctx).SignedIn() {
				t.Errorf("handshake with %s: rooms %v, %v", query, rooms, err)
			}
		}
		r := request()
		r.AddCookie(cookie)
		ctx, rooms, err := auth.Handshake(r)
		must(t, err)
		if want := []string{realtime.UserRoom(by.UserID), realtime.LoginRoom(by.LoginID)}; !slices.Equal(rooms, want) || ActorFrom(ctx) != by {
			t.Errorf("rooms %v, actor %+v, want %v, %+v", rooms, ActorFrom(ctx), want, by)
		}
		counted, statements := db.CountStatements(ctx)
		event, err := auth.Event(counted)
		must(t, err)
		if ActorFrom(event) != by || statements.Load() != 1 {
			t.Errorf("actor %+v, %d statements", ActorFrom(event), statements.Load())
		}
		must(t, s.LogOut(t.Context(), by.LoginID))
		if _, err := auth.Event(ctx); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("event after log-out: %v", err)
		}
	})
}
