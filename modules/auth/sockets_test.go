package auth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"
	"weak"

	"taskstack.org/modules/accounts"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

func TestSocketAuth(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		by, cookie := MakeLogin(t, s.db, s.sessions, accounts.MakeUser(t, s.db, "anna"))
		auth := s.SocketAuth()
		request := func() *http.Request {
			return httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/socket.io/?EIO=4&transport=polling", nil)
		}
		if _, _, err := auth.Handshake(request()); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("handshake without a cookie: %v", err)
		}
		for query, want := range map[string]errs.Kind{"&visitor=1": "", "&visitor=0": errs.Unauthenticated, "&visitor": errs.Unauthenticated} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/socket.io/?EIO=4&transport=polling"+query, nil)
			ctx, rooms, err := auth.Handshake(r)
			if errs.KindOf(err) != want || len(rooms) > 0 || err == nil && accounts.ActorFrom(ctx).SignedIn() {
				t.Errorf("handshake with %s: rooms %v, %v", query, rooms, err)
			}
		}
		r := request()
		r.AddCookie(cookie)
		ctx, rooms, err := auth.Handshake(r)
		must(t, err)
		if want := []string{accounts.UserRoom(by.UserID), loginRoom(by.LoginID)}; !slices.Equal(rooms, want) || accounts.ActorFrom(ctx) != by {
			t.Errorf("rooms %v, actor %+v, want %v, %+v", rooms, accounts.ActorFrom(ctx), want, by)
		}
		counted, statements := db.CountStatements(ctx)
		event, err := auth.Event(counted)
		must(t, err)
		if accounts.ActorFrom(event) != by || statements.Load() != 1 {
			t.Errorf("actor %+v, %d statements", accounts.ActorFrom(event), statements.Load())
		}
		must(t, s.Logins.logOut(t.Context(), by.LoginID))
		if _, err := auth.Event(ctx); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("event after log-out: %v", err)
		}
	})
}

// An idle connection keeps its actor, and nothing of the request that opened it,
// whose headers are untrusted.
func TestHandshakesKeepNoRequest(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		_, cookie := MakeLogin(t, s.db, s.sessions, accounts.MakeUser(t, s.db, "anna"))
		auth := s.SocketAuth()
		open := func(query string, cookies ...*http.Cookie) (context.Context, weak.Pointer[http.Request]) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/socket.io/?EIO=4&transport=polling"+query, nil)
			for _, c := range cookies {
				r.AddCookie(c)
			}
			if name := auth.Credential(r); (name != "") != (len(cookies) > 0) {
				t.Errorf("credential %q of %d cookies", name, len(cookies))
			}
			ctx, _, err := auth.Handshake(r)
			must(t, err)
			return ctx, weak.Make(r)
		}
		anna, hers := open("", cookie)
		visitor, theirs := open("&visitor=1")
		runtime.GC()
		if hers.Value() != nil || theirs.Value() != nil {
			t.Errorf("the request is kept: of a person %v, of a visitor %v", hers.Value() != nil, theirs.Value() != nil)
		}
		if !accounts.ActorFrom(anna).SignedIn() || accounts.ActorFrom(visitor).SignedIn() {
			t.Error("the actor is missing")
		}
	})
}
