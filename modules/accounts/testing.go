package accounts

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"golang.org/x/crypto/bcrypt"

	"taskstack.org/platform/db"
	"taskstack.org/platform/events"
	"taskstack.org/platform/session"
)

// TestPassword is the password of everybody made by MakeUser.
const TestPassword = "correct horse"

// MakeUser makes somebody with a verified account, for tests: the address is
// ⟨name⟩@example.org, the password TestPassword. The actor has no login.
func MakeUser(t testing.TB, d *db.DB, name string) Actor {
	t.Helper()
	by, err := bareService(d).Create(t.Context(), testSignUp(name))
	if err != nil {
		t.Fatalf("make user %s: %v", name, err)
	}
	return by
}

// MakeUnverifiedUser makes somebody who has signed up and not confirmed the
// address.
func MakeUnverifiedUser(t testing.TB, d *db.DB, name string) Actor {
	t.Helper()
	s, in := bareService(d), testSignUp(name)
	hash, err := hashPassword(in.Password, s.cost)
	var u user
	if err == nil {
		err = d.InTx(t.Context(), func(ctx context.Context) (err error) {
			u, err = s.insert(ctx, in, hash)
			return err
		})
	}
	if err != nil {
		t.Fatalf("make user %s: %v", name, err)
	}
	return Actor{UserID: u.ID, Name: u.Name}
}

func testSignUp(name string) SignUp {
	return SignUp{Name: name, Email: name + "@example.org", Password: TestPassword}
}

// bareService is enough to make people; its hashes are cheap.
func bareService(d *db.DB) *Service {
	return &Service{db: d, repo: repository{d}, bus: events.NewBus(d), cost: bcrypt.MinCost}
}

// MakeLogin signs somebody in, for tests. It returns the actor with the login
// and the cookie that a browser would have.
func MakeLogin(t testing.TB, d *db.DB, sessions *session.Store, by Actor) (Actor, *http.Cookie) {
	t.Helper()
	s := bareService(d)
	var w Welcome
	err := d.InTx(t.Context(), func(ctx context.Context) (err error) {
		w, err = s.startLogin(ctx, user{ID: by.UserID, Name: by.Name}, Visit{Address: "127.0.0.1"}, false)
		return err
	})
	if err != nil {
		t.Fatalf("make login of %s: %v", by.Name, err)
	}
	return w.Actor, cookieOf(t, sessions, w)
}

// cookieOf lets the session store write the cookie of a login.
func cookieOf(t testing.TB, sessions *session.Store, w Welcome) *http.Cookie {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(sessions.Middleware())
	engine.GET("/", func(c *gin.Context) {
		if err := sessions.Login(c, w.Secret, w.Persistent); err != nil {
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
