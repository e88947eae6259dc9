package auth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/db"
	"taskstack.org/platform/events"
	"taskstack.org/platform/session"
)

// MakeLogin logs a person in, for tests. It returns the actor with the login and
// the cookie that a browser would have.
func MakeLogin(t testing.TB, d *db.DB, sessions *session.Store, by accounts.Actor) (accounts.Actor, *http.Cookie) {
	t.Helper()
	logins := &Logins{shared: &shared{db: d, repo: newRepository(d), bus: events.NewBus(d)}}
	var result loginResult
	err := d.InTx(t.Context(), func(ctx context.Context) (err error) {
		result, err = logins.start(ctx, accounts.User{ID: by.UserID, Name: by.Name}, RequestInfo{Address: "127.0.0.1"}, false)
		return err
	})
	if err != nil {
		t.Fatalf("make login of %s: %v", by.Name, err)
	}
	return result.Actor, cookieOf(t, sessions, result)
}

// cookieOf returns the cookie that the session store writes for a login.
func cookieOf(t testing.TB, sessions *session.Store, result loginResult) *http.Cookie {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(sessions.Middleware())
	engine.GET("/", func(c *gin.Context) {
		if err := sessions.Login(c, result.Secret, result.Persistent); err != nil {
			t.Errorf("make login: %v", err)
		}
	})
	answer := httptest.NewRecorder()
	engine.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	cookies := answer.Result().Cookies()
	if len(cookies) != 1 {
		t.Fatalf("make login: %d cookies, want 1", len(cookies))
	}
	return cookies[0]
}
